using System.Diagnostics;
using System.Globalization;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Storage;
using TuneGrid.Testing.Faults;
using TuneGrid.Testing.Processes;
using Xunit.Abstractions;

namespace TuneGrid.Silo.Tests.Processes;

/// <summary>Orleans silos as people start them, on the store of one machine.</summary>
public sealed class SiloProcessTests(ITestOutputHelper output)
{
    private const int Kills = 5;

    [Fact]
    [Trait("Category", "Slow")]
    public async Task One_trace_joins_client_study_grain_trial_grain_and_segment()
    {
        using var sandbox = new Sandbox();
        await sandbox.AddStoriesAsync();
        await using var store = await StoreOpener.OpenAsync(StoreLocation.Parse(sandbox.Home));
        using TuneGridProcess one = Silo(sandbox, "one", ["--trace", "lines"]), two = Silo(sandbox, "two", ["--trace", "lines"]);
        await PresentAsync(store.Studies, 2);
        using var search = TuneGridProcess.Start(sandbox, ["search", sandbox.WriteSpace("tiny", trials: 9, steps: 9000), "--no-silo", "--trace", "lines"]);
        Assert.True(await search.ExitAsync() == 0, search.Errors);
        foreach (var silo in new[] { one, two })
        {
            silo.Terminate();
            Assert.True(await silo.ExitAsync() == 0, silo.Errors);
        }

        var spans = SpanLine.Read("search", search.Errors).Concat(SpanLine.Read("one", one.Errors)).Concat(SpanLine.Read("two", two.Errors)).ToList();
        var byId = spans.ToDictionary(s => s.Id);
        var study = Assert.Single(spans, s => s.Name == "tunegrid.study");
        Assert.All(spans, s => Assert.Equal(study.Trace, s.Trace));
        Assert.All(spans.Where(s => s != study), s => Assert.Equal(study, s.Ancestors(byId).LastOrDefault()));
        foreach (var call in new[] { "ITrialGrain/StartAsync", "IStudyGrain/ReportAsync" })
        {
            var calls = spans.Where(s => s.Name == call).ToList();
            Assert.NotEmpty(calls);
            Assert.All(calls, c => Assert.Equal(["tunegrid.segment", "tunegrid.trial", "tunegrid.study"], c.Ancestors(byId).Select(a => a.Name).TakeLast(3)));
        }
        // Each call has two halves, the caller's and the grain's, and some lie in different processes.
        Assert.Contains(spans, s => s.Name == "IStudyGrain/ReportAsync" && byId[s.Parent] is { Name: "IStudyGrain/ReportAsync" } caller && caller.Process != s.Process);
        Assert.Contains(spans, s => s.Name == "IStudyGrain/SubscribeAsync" && s.Process != "search" && s.Ancestors(byId).First().Process == "search");
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task A_search_says_that_its_only_silo_is_gone_waits_and_ends_with_the_next()
    {
        using var sandbox = new Sandbox();
        await sandbox.AddStoriesAsync();
        await using var store = await StoreOpener.OpenAsync(StoreLocation.Parse(sandbox.Home));
        using var only = Silo(sandbox, "only", leaseSeconds: "2");
        await PresentAsync(store.Studies, 1);
        using var search = TuneGridProcess.Start(sandbox, ["search", sandbox.WriteSpace("tiny", trials: 9, steps: 9000), "--no-silo"]);
        var study = await LedgerWaits.FirstStudyAsync(store.Studies);
        await LedgerWaits.UntilAsync(store.Studies, study, l => l.Any(e => e.Event is RungReached));
        only.KillHard();
        await search.SaysAsync("no silo is training; the study waits for one: tunegrid start-silo");
        using var next = Silo(sandbox, "next");
        Assert.True(await search.ExitAsync() == 0, search.Errors);
        Assert.DoesNotContain("Exception", search.Errors, StringComparison.Ordinal);
        LedgerInvariants.Check(await store.Studies.ReadAsync(study, 0, default));
    }

    /// <summary>Its lease would have lasted five minutes, longer than anybody waits here: the cluster notices. Prints how soon.</summary>
    [Fact]
    [Trait("Category", "Slow")]
    public async Task The_trial_of_a_killed_silo_that_holds_the_study_s_grain_runs_elsewhere()
    {
        var seconds = new List<double>();
        for (var kill = 0; kill < Kills; kill++)
        {
            using var sandbox = new Sandbox();
            await sandbox.AddStoriesAsync();
            await using var store = await StoreOpener.OpenAsync(StoreLocation.Parse(sandbox.Home));
            using var search = TuneGridProcess.Start(sandbox, ["search", sandbox.WriteSpace("tiny", trials: 1, steps: 10_000_000, rungs: 1), "--no-silo"]);
            var study = await LedgerWaits.FirstStudyAsync(store.Studies);
            // Alone, it has the study's grain as well as its only trial; the other one finds nothing to do.
            using var holder = Silo(sandbox, "holder");
            await LedgerWaits.UntilAsync(store.Studies, study, l => Leases(l) == 1);
            using var idle = Silo(sandbox, "idle");
            await PresentAsync(store.Studies, 2);
            var clock = Stopwatch.StartNew();
            holder.KillHard();
            LedgerInvariants.Check(await LedgerWaits.UntilAsync(store.Studies, study, l => Leases(l) == 2));
            seconds.Add(clock.Elapsed.TotalSeconds);
        }
        Print($"the trial of a silo that is killed with the study's grain runs elsewhere after {string.Join(", ", seconds.Select(s => s.ToString("F1", CultureInfo.InvariantCulture)))} s");
    }

    private static TuneGridProcess Silo(Sandbox sandbox, string name, string[]? flags = null, string leaseSeconds = "300") => TuneGridProcess.Start(
        sandbox, ["start-silo", "--threads", "1", "--name", name, .. flags ?? []], new Dictionary<string, string> { ["TUNEGRID_LEASE_SECONDS"] = leaseSeconds });

    /// <summary>Waits until so many silos have announced themselves, which they do once they have joined their cluster.</summary>
    private static async Task PresentAsync(IStudyStore store, int silos)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        for (var cursor = 0L; (await store.SilosAsync(patience.Token)).Count < silos;)
            cursor = await store.WaitForChangeAsync(cursor, TimeSpan.FromMilliseconds(200), patience.Token);
    }

    private static int Leases(IEnumerable<RecordedEvent> ledger) => ledger.Count(e => e.Event is SegmentLeased);

    private void Print(string line)
    {
        output.WriteLine(line);
        Console.WriteLine(line);
    }
}
