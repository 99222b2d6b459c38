using TuneGrid.Coordination.Ledger;
using TuneGrid.Storage;
using TuneGrid.Testing.Faults;
using TuneGrid.Testing.Processes;

namespace TuneGrid.Silo.Tests.Processes;

/// <summary>Orleans silos as people start them, on the store of one machine.</summary>
public sealed class SiloProcessTests
{
    [Fact]
    [Trait("Category", "Slow")]
    public async Task One_trace_joins_client_study_grain_trial_grain_and_segment()
    {
        using var sandbox = new Sandbox();
        await sandbox.AddStoriesAsync();
        await using var store = await StoreOpener.OpenAsync(StoreLocation.Parse(sandbox.Home));
        string[] trace = ["--trace", "lines"];
        using TuneGridProcess one = Silos.Start(sandbox, "one", trace), two = Silos.Start(sandbox, "two", trace);
        await Silos.PresentAsync(store.Studies, 2);
        var space = sandbox.WriteSpace("tiny", trials: 9, steps: 9000);
        using var search = TuneGridProcess.Start(sandbox, ["search", space, "--no-silo", .. trace]);
        Assert.True(await search.ExitAsync() == 0, search.Errors);
        foreach (var silo in new[] { one, two })
        {
            silo.Terminate();
            Assert.True(await silo.ExitAsync() == 0, silo.Errors);
        }

        List<SpanLine> spans =
            [.. SpanLine.Read("search", search.Errors), .. SpanLine.Read("one", one.Errors), .. SpanLine.Read("two", two.Errors)];
        var byId = spans.ToDictionary(s => s.Id);
        var study = Assert.Single(spans, s => s.Name == "tunegrid.study");
        Assert.All(spans, s => Assert.Equal(study.Trace, s.Trace));
        Assert.All(spans.Where(s => s != study), s => Assert.Equal(study, s.Ancestors(byId).LastOrDefault()));
        foreach (var call in new[] { "ITrialGrain/StartAsync", "IStudyGrain/ReportAsync" })
        {
            var calls = spans.Where(s => s.Name == call).ToList();
            Assert.NotEmpty(calls);
            string[] above = ["tunegrid.segment", "tunegrid.trial", "tunegrid.study"];
            Assert.All(calls, c => Assert.Equal(above, c.Ancestors(byId).Select(a => a.Name).TakeLast(3)));
        }
        // Each call has two halves, the caller's and the grain's, and some lie in different processes.
        Assert.Contains(
            spans.Where(s => s.Name == "IStudyGrain/ReportAsync"),
            s => byId[s.Parent] is { } caller && caller.Name == s.Name && caller.Process != s.Process);
        Assert.Contains(
            spans, s => s.Name == "IStudyGrain/SubscribeAsync" && s.Process != "search" && s.Ancestors(byId).First().Process == "search");
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task A_search_says_that_its_only_silo_is_gone_waits_and_ends_with_the_next()
    {
        using var sandbox = new Sandbox();
        await sandbox.AddStoriesAsync();
        await using var store = await StoreOpener.OpenAsync(StoreLocation.Parse(sandbox.Home));
        using var only = Silos.Start(sandbox, "only", leaseSeconds: "2");
        await Silos.PresentAsync(store.Studies, 1);
        using var search = TuneGridProcess.Start(sandbox, ["search", sandbox.WriteSpace("tiny", trials: 9, steps: 9000), "--no-silo"]);
        var study = await LedgerWaits.FirstStudyAsync(store.Studies);
        await LedgerWaits.UntilAsync(store.Studies, study, l => l.Any(e => e.Event is RungReached));
        only.KillHard();
        await search.SaysAsync("no silo is training; the study waits for one: tunegrid start-silo");
        using var next = Silos.Start(sandbox, "next");
        Assert.True(await search.ExitAsync() == 0, search.Errors);
        Assert.DoesNotContain("Exception", search.Errors, StringComparison.Ordinal);
        LedgerInvariants.Check(await store.Studies.ReadAsync(study, 0, default));
    }
}
