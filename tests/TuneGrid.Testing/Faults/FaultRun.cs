using System.Diagnostics;
using System.Text.Json.Nodes;
using TuneGrid.Coordination;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Silo.Segments;
using TuneGrid.Simulation;
using TuneGrid.Testing.Processes;
using TuneGrid.Testing.Servers;

namespace TuneGrid.Testing.Faults;

/// <summary>
/// Brings the faults of a plan upon a fleet while it works. Every wait is for the ledger. How many trials the fleet finishes meanwhile is
/// up to the machine: when a study ends before the plan does, it must have ended well, and the same search begins another.
/// </summary>
/// <param name="study">The study that the fleet's search has begun.</param>
/// <param name="trials">How many trials each study has.</param>
/// <param name="log">Hears of each fault.</param>
/// <param name="server">The database, where the plan has faults of it.</param>
/// <param name="network">The cable to the wired silo, where the plan pulls it.</param>
internal sealed class FaultRun(
    Fleet fleet,
    IStudyStore store,
    StudyId study,
    int trials,
    Action<string> log,
    PostgresServer? server = null,
    NetworkNamespace? network = null)
{
    /// <summary>More would leave nobody to work, and nobody to notice that a lease has run out.</summary>
    private const int MostSilent = 2;
    private readonly List<Silent> _silent = [];
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private StudyId _study = study;
    private int _inflicted;
    private int _seen;
    private int _expired;

    /// <summary>Leases that ran out while their silo was frozen or cut off.</summary>
    public int Lapsed { get; private set; }

    /// <param name="weights">How often each kind of fault is drawn.</param>
    public async Task InflictAsync(int count, IReadOnlyDictionary<FaultKind, int> weights)
    {
        log($"seed {FaultPlan.Seed}; {FaultPlan.SeedVariable}={FaultPlan.Seed} draws the same faults again");
        foreach (var fault in FaultPlan.Draw(FaultPlan.Seed, count, weights, fleet.Silos.Count))
        {
            _seen = (await UntilAsync(l => l.Count >= _seen + fault.Events)).Count;
            await InflictAsync(fault);
            log(FormattableString.Invariant($"{++_inflicted}. at event {_seen}, {_clock.Elapsed.TotalSeconds:0.0} s: {fault}"));
        }
        while (_silent.Count > 0)
            await WakeAsync(_silent[0]);
    }

    /// <summary>Lets the last study end, and the silos leave.</summary>
    public async Task EndAsync()
    {
        await EndStudyAsync();
        await fleet.DismissAsync();
        log($"{_expired} leases expired, {Lapsed} of them slept through");
        Assert.True(_expired > 0);
    }

    /// <summary>Lets a study end, and checks that it ended as if nothing had happened.</summary>
    private async Task EndStudyAsync()
    {
        Assert.True(await fleet.Search.ExitAsync() == 0, fleet.Search.Output + fleet.Search.Errors + fleet.SiloErrors);
        var ledger = await store.ReadAsync(_study, 0, CancellationToken.None);
        LedgerInvariants.Check(ledger);
        Assert.Equal(trials, ledger.Count(e => e.Event is TrialProposed));
        Assert.IsType<StudyCompleted>(ledger[^1].Event);
        _expired += ledger.Count(e => e.Event is LeaseExpired);

        var champion = StudyState.Replay(_study, SpacePlanner.Read, ledger).Summary.Champions.Single().Trial;
        Assert.Equal(champion, (await store.ListAsync(CancellationToken.None)).Single(s => s.Id == _study).Champions.Single().Trial);
        Assert.Equal(champion.Number, (int)JsonNode.Parse(fleet.Search.LastLine)!["best"]!["trial"]!);
    }

    private async Task InflictAsync(Fault fault)
    {
        switch (fault.Kind)
        {
            case FaultKind.KillSilo:
                await WakeAsync(fault.Silo);
                fleet.ReplaceSilo(fault.Silo);
                break;
            case FaultKind.KillSearch:
                fleet.ReplaceSearch(_study.Value);
                break;
            case FaultKind.Freeze or FaultKind.CutOff:
                await SilenceAsync(fault);
                break;
            case FaultKind.RestartServer:
                server!.ShutDown();
                server.Start();
                break;
            case FaultKind.CrashServer:
                server!.Stop();
                server.Start();
                break;
        }
    }

    /// <summary>Silences a silo in the middle of a segment.</summary>
    private async Task SilenceAsync(Fault fault)
    {
        await WakeAsync(fault.Silo);
        while (_silent.Count >= MostSilent)
            await WakeAsync(_silent[0]);
        await UntilAsync(l => Held(l, fault.Silo) is not null);
        if (fault.Kind == FaultKind.CutOff)
            network!.Cut();
        else
            fleet.Silos[fault.Silo].Freeze();
        _silent.Add(new(fault, Held(await store.ReadAsync(_study, 0, CancellationToken.None), fault.Silo)));
    }

    private Task WakeAsync(int silo) => _silent.Find(s => s.Fault.Silo == silo) is { } silent ? WakeAsync(silent) : Task.CompletedTask;

    /// <summary>Lets a silent silo speak again, once somebody else has found its lease run out.</summary>
    private async Task WakeAsync(Silent silent)
    {
        var ledger = await UntilAsync(l => Held(l, silent.Fault.Silo) is null);
        if (silent.Lease is { } lease && ledger.Any(e => e.Event is LeaseExpired expired && expired.Fence == lease.Fence))
            Lapsed++;
        if (silent.Fault.Kind == FaultKind.CutOff)
            network!.Mend();
        else
            fleet.Silos[silent.Fault.Silo].Thaw();
        _silent.Remove(silent);
    }

    private SegmentLeased? Held(IReadOnlyList<RecordedEvent> ledger, int silo) =>
        LedgerInvariants.OpenLeases(ledger).FirstOrDefault(
            l => l.Silo.Value.StartsWith($"silo{silo + 1}-{fleet.Silos[silo].Id}-", StringComparison.Ordinal));

    private async Task<IReadOnlyList<RecordedEvent>> UntilAsync(Func<IReadOnlyList<RecordedEvent>, bool> isEnough)
    {
        while (true)
        {
            var ledger = await LedgerWaits.UntilAsync(store, _study, l => isEnough(l) || l[^1].Event is StudyCompleted);
            if (isEnough(ledger))
                return ledger;
            await EndStudyAsync();
            var ended = (await store.ListAsync(CancellationToken.None)).Select(s => s.Id).ToHashSet();
            fleet.SearchAgain();
            (_study, _seen) = (await LedgerWaits.NewStudyAsync(store, ended, fleet.Search), 0);
            log($"after {_inflicted} faults: {_study}");
        }
    }

    private sealed record Silent(Fault Fault, SegmentLeased? Lease);
}
