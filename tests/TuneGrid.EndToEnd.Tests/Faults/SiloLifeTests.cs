using System.Text.Json.Nodes;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Scheduling;
using TuneGrid.Storage;
using TuneGrid.Testing.Faults;
using TuneGrid.Testing.Processes;

namespace TuneGrid.EndToEnd.Tests.Faults;

/// <summary>How real silos come, stay and go: killed by a trial, told to stop, drained, or done.</summary>
public sealed class SiloLifeTests
{
    private static readonly Dictionary<string, string> ShortLeases = new() { ["TUNEGRID_LEASE_SECONDS"] = "2" };

    [NeedsFact(Need.Unix)]
    public async Task A_trial_whose_silos_are_killed_on_one_host_is_tried_again_however_often_it_happens()
    {
        using var sandbox = new Sandbox();
        await sandbox.AddStoriesAsync();
        using var search = TuneGridProcess.Start(
            sandbox, ["search", sandbox.WriteSpace("tiny", trials: 1, steps: 10_000_000, rungs: 1), "--no-silo"], ShortLeases);
        await using var store = await StoreOpener.OpenAsync(StoreLocation.Parse(sandbox.Home));
        var study = await LedgerWaits.FirstStudyAsync(store.Studies, search);
        const int Victims = 5;
        for (var victim = 1; victim <= Victims; victim++)
        {
            using var silo = StartSilo(sandbox);
            await LedgerWaits.UntilAsync(store.Studies, study, ledger => Leases(ledger, 0) == victim);
            silo.KillHard();
            await silo.ExitAsync();
        }
        using var last = StartSilo(sandbox);
        var ledger = await LedgerWaits.UntilAsync(store.Studies, study, l => Leases(l, 0) > Victims);
        Assert.DoesNotContain(ledger, e => e.Event is TrialFailed);
        await last.SaysAsync("has ended 5 silos of this host in a row");
        await search.SaysAsync($"tunegrid cancel {study} t0");
        LedgerInvariants.Check(ledger);
    }

    [NeedsFact(Need.Unix)]
    public async Task Ctrl_C_on_a_search_beside_another_silo_takes_out_its_own_alone_and_pause_lets_all_wait()
    {
        using var sandbox = new Sandbox();
        await sandbox.AddStoriesAsync();
        using var silo = StartSilo(sandbox);
        var space = sandbox.WriteSpace("tiny", trials: 9, steps: 10_000_000, rungs: 1);
        using var search = TuneGridProcess.Start(sandbox, ["search", space, "--threads", "1", "--name", "long"]);
        await using var store = await StoreOpener.OpenAsync(StoreLocation.Parse(sandbox.Home));
        var study = await LedgerWaits.FirstStudyAsync(store.Studies, search);
        Assert.Equal("long", study.Value);
        await LedgerWaits.UntilAsync(store.Studies, study, l => Leases(l, 0) > 0 && Leases(l, 1) > 0);

        search.Interrupt();
        Assert.Equal(130, await search.ExitAsync());
        Assert.Contains("goes on without this one: 1 silo works on it", search.Errors, StringComparison.Ordinal);
        Assert.Equal(StudyStatus.Running, Assert.Single(await store.Studies.ListAsync(default)).Status);

        using var pause = TuneGridProcess.Start(sandbox, ["pause", "long"]);
        Assert.True(await pause.ExitAsync() == 0, pause.Errors);
        await LedgerWaits.UntilAsync(store.Studies, study, l => l.Count(e => e.Event is TrialPaused) == 2);
        Assert.Empty(await store.Studies.LeasesAsync(study, default));

        using var resume = TuneGridProcess.Start(sandbox, ["resume", "long", "--no-silo"]);
        await LedgerWaits.UntilAsync(store.Studies, study, l => l.Count(e => e.Event is SegmentLeased) == 3);
        using var drain = TuneGridProcess.Start(sandbox, ["silos", "drain", await NameAsync(store), "--now"]);
        Assert.True(await drain.ExitAsync() == 0, drain.Errors);
        Assert.True(await silo.ExitAsync() == 0, silo.Errors);
        Assert.IsType<TrialPaused>((await store.Studies.ReadAsync(study, 0, default))[^1].Event);
        // Nobody is left to work on it.
        Assert.Equal("paused", (string)(await TuneGridProcess.RunJsonAsync(sandbox, "studies")).AsArray().Single()!["status"]!);
    }

    [NeedsFact(Need.Unix)]
    public async Task A_silo_told_to_stop_leaves_a_checkpoint_and_no_lease()
    {
        using var sandbox = new Sandbox();
        await sandbox.AddStoriesAsync();
        using var search = TuneGridProcess.Start(
            sandbox, ["search", sandbox.WriteSpace("tiny", trials: 1, steps: 10_000_000, rungs: 1), "--no-silo"]);
        await using var store = await StoreOpener.OpenAsync(StoreLocation.Parse(sandbox.Home));
        var study = await LedgerWaits.FirstStudyAsync(store.Studies, search);
        // It promises to be gone within five seconds. By the ledger's own clock: before a lease of five seconds that it held at the signal
        // would have run out.
        using var silo = TuneGridProcess.Start(
            sandbox, ["start-silo", "--threads", "1", "--nice", "5"], new Dictionary<string, string> { ["TUNEGRID_LEASE_SECONDS"] = "5" });
        var lease = await LedgerWaits.ProgressAsync(store.Studies, study);
        silo.Terminate();
        Assert.True(await silo.ExitAsync() == 0, silo.Errors);
        var ledger = await store.Studies.ReadAsync(study, 0, default);
        var paused = Assert.IsType<TrialPaused>(ledger[^1].Event);
        Assert.True(paused.At < lease.ExpiresAt, $"paused at {paused.At:O}, after {lease.ExpiresAt:O}");
        Assert.NotNull(paused.Checkpoint);
        Assert.Empty(await store.Studies.LeasesAsync(study, default));
        Assert.Empty(await store.Studies.SilosAsync(default));
        Assert.Contains("it was stopped", silo.Errors, StringComparison.Ordinal);
    }

    [NeedsFact(Need.Unix)]
    public async Task Silos_leave_when_they_are_drained_done_or_idle()
    {
        using var sandbox = new Sandbox();
        await sandbox.AddStoriesAsync();
        using (var idle = StartSilo(sandbox, "--idle-exit", "0"))
        {
            Assert.Equal(0, await idle.ExitAsync());
            Assert.Contains("there was no work", idle.Errors, StringComparison.Ordinal);
        }
        using var search = TuneGridProcess.Start(
            sandbox, ["search", sandbox.WriteSpace("tiny", trials: 4, steps: 300, rungs: 1), "--no-silo"]);
        await using var store = await StoreOpener.OpenAsync(StoreLocation.Parse(sandbox.Home));
        var study = await LedgerWaits.FirstStudyAsync(store.Studies, search);
        using (var done = StartSilo(sandbox, "--max-trials", "1"))
        {
            Assert.Equal(0, await done.ExitAsync());
            Assert.Single(await store.Studies.ReadAsync(study, 0, default), e => e.Event is TrialCompleted);
        }
        using var drained = StartSilo(sandbox, "--name", "box");
        await LedgerWaits.UntilAsync(store.Studies, study, ledger => ledger.Count(e => e.Event is SegmentLeased) >= 2);
        var row = (JsonObject)(await TuneGridProcess.RunJsonAsync(sandbox, "silos")).AsArray()[0]!;
        Assert.InRange((double)row["relative_speed"]!, 0, 1);
        Assert.True((double)row["norm_flops_per_second"]! > 0);
        using (var drain = await TuneGridProcess.RunAsync(sandbox, "silos", "drain", "box"))
            Assert.True(drain.ExitCode == 0, drain.Errors);
        Assert.Equal(0, await drained.ExitAsync());
        Assert.Contains("it was drained", drained.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(await store.Studies.ReadAsync(study, 0, default), e => e.Event is TrialPaused or LeaseExpired);
    }

    [NeedsFact(Need.Unix)]
    public async Task A_trial_that_no_living_silo_can_hold_ends_with_what_it_needs_and_the_search_with_it()
    {
        using var sandbox = new Sandbox();
        await sandbox.AddStoriesAsync();
        using var search = TuneGridProcess.Start(
            sandbox, ["search", sandbox.WriteSpace("tiny", trials: 1, steps: 9, rungs: 1), "--no-silo"]);
        await using var store = await StoreOpener.OpenAsync(StoreLocation.Parse(sandbox.Home));
        var study = await LedgerWaits.FirstStudyAsync(store.Studies, search);
        using var silo = StartSilo(sandbox, "--memory-limit", "100KiB");
        var ledger = await LedgerWaits.UntilAsync(store.Studies, study, l => l.Any(e => e.Event is TrialFailed));
        var failed = ledger.Select(e => e.Event).OfType<TrialFailed>().Single();
        Assert.Equal(FailureKind.Infeasible, failed.Kind);
        Assert.Contains("may use more than 100 KiB (--memory-limit", failed.Reason, StringComparison.Ordinal);
        Assert.Equal(1, await search.ExitAsync());
    }

    private static TuneGridProcess StartSilo(Sandbox sandbox, params string[] flags) =>
        TuneGridProcess.Start(sandbox, ["start-silo", "--threads", "1", .. flags], ShortLeases);

    private static async Task<string> NameAsync(OpenedStore store) => Assert.Single(await store.Studies.SilosAsync(default)).Silo.Id.Value;

    private static int Leases(IEnumerable<Coordination.Ledger.RecordedEvent> ledger, int trial) =>
        ledger.Count(e => e.Event is SegmentLeased leased && leased.Trial.Number == trial);
}
