using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Silos;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Telemetry;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;

namespace TuneGrid.Coordination.Work;

/// <summary>
/// The desk over the ledger itself: folds what others appended, lets the <see cref="Coordinator"/> decide, appends. Not thread-safe, and every await stays on the
/// caller's context.
/// </summary>
/// <param name="canRun">Whether the silos that ask here have a corpus.</param>
/// <param name="isGone">Whether a silo is known to be dead, so that nobody need wait for its lease to run out; the fence keeps a wrong guess harmless.</param>
/// <param name="prefersAnother">Whether a trial should rather go to another silo than to the one that asks.</param>
/// <param name="begin">The state that a study's events are folded into; null for a new one.</param>
public sealed class LedgerDesk(
    IStudyStore store, SearchPlanner planner, WorkerOptions options, TimeProvider time, Func<CorpusReference, bool> canRun,
    Func<SiloId, bool>? isGone = null, Func<StudyState, TrialId, SiloDescription, bool>? prefersAnother = null,
    Func<StudyId, StudyState>? begin = null) : IWorkDesk
{
    // Up to so many running trials every silo reads all leases at each heartbeat; larger fleets share that work, so that it costs each trial the same.
    private const int LeasesReadOften = 32;

    private readonly Dictionary<StudyId, StudyLedger> _ledgers = [];
    private readonly Dictionary<(StudyId, Fence), SegmentTrace> _traces = [];

    // Reading every lease for every segment would cost a large fleet dearly; a lost silo is noticed late enough anyway.
    private readonly Dictionary<StudyId, long> _leasesReadAt = [];

    /// <summary>Decides and appends until the study has work for this silo, or has none.</summary>
    public async ValueTask<WorkAnswer> AskAsync(StudyId study, WorkRequest request, CancellationToken cancellation)
    {
        var ledger = Ledger(study);
        var superfluous = new List<ArtifactHash>();
        StudySummary? ended = null;
        while (true)
        {
            // Leases first: a lease granted after this read is then unknown to it, never mistaken for an expired one.
            var leases = await LeasesAsync(study, ledger.State, cancellation);
            if (!await ledger.RefreshAsync(cancellation) || !canRun(ledger.State.Created.Corpus) || !CanMeasure(request.Silo, ledger.State.Space.Budget))
                return Answer(null);
            var offer = await OfferAsync(ledger.State, request, leases, cancellation);
            var decision = Coordinator.Decide(ledger.State, offer);
            if (decision is WorkDecision.Wait or WorkDecision.Finished || (decision is WorkDecision.Run { Trial: var trial } && prefersAnother?.Invoke(ledger.State, trial, request.Silo) == true))
                return Answer(null);
            var trace = SegmentTrace.Begin(ledger.State, decision, request.Silo);
            // Most questions of an idle silo end above and keep nobody waiting. With something to append it queues, and decides on what it then finds.
            if (decision.Events.Count > 0 && !await ledger.TakeTurnAsync(DecideInTurn, cancellation))
            {
                trace.Discard();
                continue;
            }
            trace.Recorded();
            if (decision is WorkDecision.Run run)
                return Answer(Assign(ledger.State, run, trace));
            foreach (var failed in decision.Events.OfType<TrialFailed>())
                superfluous.AddRange(ArtifactPruner.AfterReport(ledger.State.Trial(failed.Trial)));
            if (ledger.State.Status == StudyStatus.Running)
                continue;
            ended = ledger.State.Summary;

            void DecideInTurn(StudyTurn turn)
            {
                trace.Discard();
                decision = Coordinator.Decide(ledger.State, offer with { Now = turn.Now });
                trace = SegmentTrace.Begin(ledger.State, decision, request.Silo);
                turn.Add(trace.Stamp(decision.Events), decision.Leases);
            }
        }

        WorkAnswer Answer(Assignment? work) => new(work, ledger.State is { Sequence: > 0, Status: not StudyStatus.Running }, ended, superfluous);
    }

    /// <summary>Appends the report and the lease of the next segment together.</summary>
    public async ValueTask<ReportAnswer> ReportAsync(Assignment work, SegmentOutcome outcome, WorkRequest? next, CancellationToken cancellation)
    {
        var ledger = Ledger(work.Order.Study);
        var leases = next is null ? null : await LeasesAsync(work.Order.Study, ledger.State, cancellation);
        (WorkDecision.Run Run, SegmentTrace Trace)? found = null;
        List<TrialId> ended = [];
        if (!await RecordAsync(work, (s, now) => Coordinator.Report(s, work.Order.Trial, work.Fence, outcome, now), DecideNext, cancellation))
        {
            found?.Trace.Discard();
            return new(false, []);
        }
        found?.Trace.Recorded();
        var trial = ledger.State.Trial(work.Order.Trial);
        return new(
            true, [.. ended.Select(ledger.State.Trial).Prepend(trial).SelectMany(ArtifactPruner.AfterReport), .. ArtifactPruner.AfterDisturbance(trial, work.Fence, outcome)],
            found is var (run, trace) ? Assign(ledger.State, run, trace) : null);

        void DecideNext(StudyTurn turn)
        {
            found?.Trace.Discard();
            (found, ended) = (null, []);
            if (next is null)
                return;
            var offer = new WorkOffer(next.Silo.Id, next.Silo.Class, turn.Now, options.TimeToLive, leases ?? [], null, next.IsLocal);
            var decision = Coordinator.Decide(ledger.State, offer);
            for (; decision is WorkDecision.Record; decision = Coordinator.Decide(ledger.State, offer))
            {
                ended.AddRange(decision.Events.OfType<TrialFailed>().Select(e => e.Trial));
                turn.Add(decision.Events, decision.Leases);
            }
            if (decision is not WorkDecision.Run run || prefersAnother?.Invoke(ledger.State, run.Trial, next.Silo) == true)
                return;
            found = (run, SegmentTrace.Begin(ledger.State, run, next.Silo));
            turn.Add(found.Value.Trace.Stamp(run.Events), run.Leases);
        }
    }

    public ValueTask<bool> ReportDamageAsync(Assignment work, ArtifactHash checkpoint, string reason, CancellationToken cancellation)
        => RecordAsync(work, (s, now) => Coordinator.ReportDamage(s, work.Order.Trial, work.Fence, checkpoint, reason, now), null, cancellation);

    public void End(Assignment work, SegmentOutcome? outcome, bool isReported, TimeSpan elapsed)
    {
        // A lease that was refused may have run out with nobody else to notice: look before going on under it.
        if (!isReported)
            _leasesReadAt.Remove(work.Order.Study);
        if (_traces.Remove((work.Order.Study, work.Fence), out var trace))
            trace.End(outcome, isReported, elapsed);
    }

    public ValueTask<long> WaitAsync(long cursor, TimeSpan timeout, CancellationToken cancellation) => store.WaitForChangeAsync(cursor, timeout, cancellation);

    /// <summary>Folds in what others appended. Null if the study is unknown.</summary>
    /// <exception cref="LedgerCorruptException">The ledger is damaged.</exception>
    public async ValueTask<StudyState?> RefreshAsync(StudyId study, CancellationToken cancellation)
        => await Ledger(study).RefreshAsync(cancellation) ? Ledger(study).State : null;

    /// <summary>The study as this desk saw it last, without asking the store. Null if it was never asked about, or is unknown.</summary>
    public StudyState? Known(StudyId study) => _ledgers.TryGetValue(study, out var ledger) && ledger.State.Sequence > 0 ? ledger.State : null;

    /// <summary>Lets go of every study but these.</summary>
    public void Keep(IReadOnlyList<StudyId> studies)
    {
        foreach (var closed in _ledgers.Keys.Except(studies).ToList())
            _ledgers.Remove(closed);
    }

    /// <summary>Reads the leases anew at the next question: a silo was found dead.</summary>
    public void ForgetLeases() => _leasesReadAt.Clear();

    private static bool CanMeasure(SiloDescription silo, Budget budget) => budget.Kind != BudgetKind.Joules || silo.MeasuresEnergy == true;

    private StudyLedger Ledger(StudyId study)
    {
        if (!_ledgers.TryGetValue(study, out var ledger))
            _ledgers.Add(study, ledger = new(store, () => begin?.Invoke(study) ?? new(study, planner)));
        return ledger;
    }

    private Assignment Assign(StudyState state, WorkDecision.Run run, SegmentTrace trace)
    {
        var trial = state.Trial(run.Trial);
        var segment = trial.Segments[^1];
        var order = new SegmentOrder(
            state.Id, trial.Id, segment.Number, trial.Configuration, TrialSeed.Of(state.Space.Seed, trial.NumberInClass), state.Created.Corpus,
            state.Space.Budget, segment.ToAmount, segment.Rung == trial.Bracket.Rungs.Length - 1, trial.LastCheckpoint?.Hash, trace.SegmentParent ?? segment.Trace);
        _traces[(state.Id, run.Fence)] = trace;
        return new(order, run.Fence, segment.Rung);
    }

    /// <summary>Null if they were read a moment ago.</summary>
    private async ValueTask<IReadOnlyList<Lease>?> LeasesAsync(StudyId study, StudyState state, CancellationToken cancellation)
    {
        var interval = options.Heartbeat * Math.Max(1, (double)state.Classes.Sum(c => c.Running.Count) / LeasesReadOften);
        if (_leasesReadAt.TryGetValue(study, out var readAt) && time.GetElapsedTime(readAt) < interval)
            return null;
        _leasesReadAt[study] = time.GetTimestamp();
        var leases = await store.LeasesAsync(study, cancellation);
        return isGone is null ? leases : [.. leases.Select(l => isGone(l.Silo) ? l with { IsExpired = true } : l)];
    }

    private async ValueTask<WorkOffer> OfferAsync(StudyState state, WorkRequest request, IReadOnlyList<Lease>? leases, CancellationToken cancellation)
    {
        IReadOnlySet<HardwareClass>? live = null;
        var hardware = request.Silo.Class;
        if ((leases is not null || request.WasTraining) && state.Status == StudyStatus.Running && state.ClassOf(hardware).IsFinished)
        {
            var now = await store.NowAsync(cancellation);
            var silos = await store.SilosAsync(cancellation);
            live = silos.Where(s => now - s.LastSeen < options.TimeToLive).Select(s => s.Silo.Class).ToHashSet();
        }
        return new(request.Silo.Id, hardware, default, options.TimeToLive, leases ?? [], live, request.IsLocal);
    }

    /// <param name="then">What follows in the same turn once the report is accepted.</param>
    private async ValueTask<bool> RecordAsync(
        Assignment work, Func<StudyState, DateTimeOffset, ReportDecision> report, Action<StudyTurn>? then, CancellationToken cancellation)
    {
        var ledger = Ledger(work.Order.Study);
        ReportDecision? decision = null;
        var isAppended = await ledger.TakeTurnAsync(DecideInTurn, cancellation);
        return isAppended || decision is ReportDecision.AlreadyRecorded;

        void DecideInTurn(StudyTurn turn)
        {
            decision = report(ledger.State, turn.Now);
            if (decision is not ReportDecision.Record record)
                return;
            turn.Add(record.Events, record.Leases);
            then?.Invoke(turn);
        }
    }
}
