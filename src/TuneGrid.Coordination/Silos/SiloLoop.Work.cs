using TuneGrid.Coordination.Ports;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Telemetry;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Scheduling;

namespace TuneGrid.Coordination.Silos;

/// <content>Asking for work.</content>
public sealed partial class SiloLoop
{
    private sealed record Assignment(StudyLedger Ledger, Trial Trial, Fence Fence, SegmentTrace Trace);

    // Reading every lease for every segment would cost a large fleet dearly; a lost silo is noticed late enough anyway.
    private readonly Dictionary<StudyId, long> _leasesReadAt = [];

    private async Task<Assignment?> FindWorkAsync(CancellationToken cancellation)
    {
        foreach (var study in await OpenStudiesAsync(cancellation))
        {
            if (_broken.Contains(study))
                continue;
            try
            {
                if (await _retry.RunAsync(c => AskAsync(study, c), cancellation) is { } work)
                    return work;
            }
            catch (LedgerCorruptException exception)
            {
                _broken.Add(study);
                _notify(new SiloNotice.StudyBroken(study, exception.Message));
                if (options.Study == study)
                    throw;
            }
        }
        return null;
    }

    private async Task<IReadOnlyList<StudyId>> OpenStudiesAsync(CancellationToken cancellation)
    {
        if (options.Study is { } only)
            return [only];
        var studies = await _retry.RunAsync(store.ListAsync, cancellation);
        var open = studies.Where(s => s.Status == StudyStatus.Running && runner.CanRun(s.Corpus)).Select(s => s.Id).ToList();
        foreach (var closed in _ledgers.Keys.Except(open).ToList())
            _ledgers.Remove(closed);
        return open;
    }

    /// <summary>Decides and appends until the study has work for this silo, or has none.</summary>
    private async ValueTask<Assignment?> AskAsync(StudyId study, CancellationToken cancellation)
    {
        if (!_ledgers.TryGetValue(study, out var ledger))
            _ledgers.Add(study, ledger = new(store, study, planner));
        while (true)
        {
            // Leases first: a lease granted after this read is then unknown to it, never mistaken for an expired one.
            var leases = await LeasesAsync(study, cancellation);
            if (!await ledger.RefreshAsync(cancellation) || !runner.CanRun(ledger.State.Created.Corpus))
                return null;
            var offer = await OfferAsync(ledger.State, leases, cancellation);
            var decision = Coordinator.Decide(ledger.State, offer);
            if (decision is WorkDecision.Wait or WorkDecision.Finished)
                return null;
            // Deciding is cheaper than asking the time, and most questions of an idle silo end above.
            if (decision.Events.Count > 0)
                decision = Coordinator.Decide(ledger.State, offer with { Now = await store.NowAsync(cancellation) });
            var trace = SegmentTrace.Begin(ledger.State, decision, silo);
            if (decision.Events.Count > 0 && !await ledger.TryAppendAsync(trace.Stamp(decision.Events), decision.Leases, cancellation))
            {
                trace.Discard();
                continue;
            }
            trace.Recorded();
            if (decision is WorkDecision.Run run)
                return new(ledger, ledger.State.Trial(run.Trial), run.Fence, trace);
            await SettleAsync(ledger.State, decision.Events, cancellation);
        }
    }

    /// <summary>Null if they were read a moment ago.</summary>
    private async ValueTask<IReadOnlyList<Lease>?> LeasesAsync(StudyId study, CancellationToken cancellation)
    {
        if (_leasesReadAt.TryGetValue(study, out var readAt) && time.GetElapsedTime(readAt) < options.Heartbeat)
            return null;
        _leasesReadAt[study] = time.GetTimestamp();
        return await store.LeasesAsync(study, cancellation);
    }

    private async ValueTask<WorkOffer> OfferAsync(StudyState state, IReadOnlyList<Lease>? leases, CancellationToken cancellation)
    {
        IReadOnlySet<HardwareClass>? live = null;
        if ((leases is not null || _wasTraining) && state.Status == StudyStatus.Running && state.ClassOf(silo.Class).IsFinished)
        {
            var now = await store.NowAsync(cancellation);
            var silos = await store.SilosAsync(cancellation);
            live = silos.Where(s => now - s.LastSeen < options.TimeToLive).Select(s => s.Silo.Class).ToHashSet();
        }
        return new(silo.Id, silo.Class, default, options.TimeToLive, leases ?? [], live, artifacts.IsLocal);
    }

    /// <summary>Cleans up after events that ended trials or the study without this silo training.</summary>
    private async ValueTask SettleAsync(StudyState state, IReadOnlyList<StudyEvent> events, CancellationToken cancellation)
    {
        foreach (var failed in events.OfType<TrialFailed>())
            await PruneAsync(ArtifactPruner.AfterReport(state.Trial(failed.Trial)), cancellation);
        if (state.Status == StudyStatus.Running)
            return;
        await PruneAsync(ArtifactPruner.AfterStudy(state), cancellation);
        _notify(new SiloNotice.StudyEnded(state.Summary));
    }

    private async ValueTask PruneAsync(IEnumerable<ArtifactHash> superfluous, CancellationToken cancellation)
    {
        try
        {
            foreach (var hash in superfluous.ToList())
                await artifacts.DeleteAsync(hash, cancellation);
        }
        catch (Exception exception) when (exception is StoreUnavailableException or IOException)
        {
            // Costs disk space only, and no result.
        }
    }
}
