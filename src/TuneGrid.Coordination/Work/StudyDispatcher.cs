using TuneGrid.Coordination.Artifacts;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Silos;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Telemetry;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Space;

namespace TuneGrid.Coordination.Work;

/// <summary>
/// Serves the silos of one study: refreshes its state, lets the <see cref="Coordinator"/> decide in a turn at the ledger, appends. Not
/// thread-safe.
/// </summary>
internal sealed class StudyDispatcher(
    IStudyStore store, IArtifactStore? artifacts, StudyLedger ledger, LeaseReader leases, IFleet fleet, WorkerOptions options)
{
    private const int MostDecisions = 256;
    private const string NoCounters = "this machine has no energy counters that it may read";
    private readonly Dictionary<(Fence, LeaseToken), SegmentTrace> _traces = [];

    public StudyLedger Ledger => ledger;

    public LeaseReader Leases => leases;

    private StudyState State => ledger.State;

    public async ValueTask<WorkAnswer> AskAsync(WorkRequest request, CancellationToken cancellation)
    {
        // Leases first: a lease granted after this read is then unknown to it, never mistaken for an expired one.
        var rows = await leases.ReadAsync(State, cancellation);
        if (!await ledger.RefreshAsync(cancellation))
            return Answer(Granted.Nothing, wasOpen: false);
        if (State.IsOpen && !CanMeasure(request.Silo, State.Space.Budget))
            return Answer(Granted.Nothing with { Idle = $"{State.Id} has a budget in joules: {NoCounters}" }, wasOpen: false);
        var offer = Offer(request, rows);
        if (State.IsOpen && State.Space.StopAfter is not null)
            offer = offer with { Now = await store.NowAsync(cancellation) };
        if ((rows is not null || request.WasTraining) && Coordinator.DependsOnLiving(State, offer))
            offer = offer with { Living = await StudyEnd.LivingAsync(store, options.TimeToLive, cancellation) };
        if (Coordinator.NeedsNoise(State, offer.Class))
        {
            offer = offer with
            {
                Noise = await EarlierNoise.ReadAsync(
                    store, offer.Class, State.Created.Corpus.Hash, State.Space.Budget, State.Id, cancellation),
            };
        }
        // Most questions of an idle silo end here and keep nobody waiting: only with something to append does it queue for a turn.
        if (Coordinator.Decide(State, offer) is var decision and (WorkDecision.Wait or WorkDecision.Finished))
            return Answer(Granted.Nothing with { Idle = (decision as WorkDecision.Wait)?.Why }, wasOpen: false);
        var granted = await ledger.TakeTurnAsync(
            turn => Grant(turn, offer, request.Silo), (g, happened) => g.Settle(happened), cancellation);
        return Answer(granted, wasOpen: true);
    }

    /// <summary>Appends the report, and with it the lease of the next segment or the end of the study.</summary>
    public async ValueTask<ReportAnswer> ReportAsync(
        Assignment work, SegmentOutcome outcome, WorkRequest? next, CancellationToken cancellation)
    {
        var offer = next is null ? null : Offer(next, await leases.ReadAsync(State, cancellation));
        var missing = await MissingAsync(outcome, cancellation);
        var reported = await ledger.TakeTurnAsync(InTurn, (r, happened) => r.Granted.Settle(happened), cancellation);
        if (reported.Decision is ReportDecision.Refused)
            return new(false, []);
        if (reported.Decision is ReportDecision.Record { Objection: { } objection })
            return new(false, [], Objection: objection);
        var trial = State.Trial(work.Trial);
        var superfluous = ArtifactPruner.AfterReport(State, trial)
            .Concat(ArtifactPruner.AfterDisturbance(State, trial, work.Fence, outcome)).Concat(Superfluous(reported.Granted));
        return new(true, [.. superfluous], Assigned(reported.Granted), next is null ? await EndAsync(cancellation) : null);

        Reported InTurn(StudyTurn turn)
        {
            var decision = Coordinator.Report(State, work.Trial, work.Fence, work.Token, outcome, turn.Now, missing);
            if (decision is ReportDecision.Record record)
                turn.Add(record.Events, record.Leases);
            // Who reports what can't be true does not get more at once.
            var isNew = decision is ReportDecision.Record { Objection: null } && offer is not null;
            return new(decision, isNew ? Grant(turn, offer!, next!.Silo) : Granted.Nothing);
        }
    }

    public async ValueTask<bool> ReportDamageAsync(
        Assignment work, ArtifactHash checkpoint, string reason, CancellationToken cancellation)
    {
        return await ledger.TakeTurnAsync(InTurn, null, cancellation) is ReportDecision.Record;

        ReportDecision InTurn(StudyTurn turn)
        {
            var decision = Coordinator.ReportDamage(State, work.Trial, work.Fence, work.Token, checkpoint, reason, turn.Now);
            if (decision is ReportDecision.Record record)
                turn.Add(record.Events, record.Leases);
            return decision;
        }
    }

    public void End(Assignment work, SegmentOutcome? outcome, bool isReported, TimeSpan elapsed)
    {
        // A lease that was refused may have run out with nobody else to notice: look before going on under it.
        if (!isReported)
            leases.Forget();
        if (_traces.Remove((work.Fence, work.Token), out var trace))
            trace.End(outcome, isReported, elapsed);
    }

    /// <summary>
    /// Returns an artifact that the outcome speaks of and that is not there, or null. In the turn nobody may look: others wait for it.
    /// </summary>
    private async ValueTask<ArtifactHash?> MissingAsync(SegmentOutcome outcome, CancellationToken cancellation)
    {
        foreach (var hash in ArtifactPruner.Of(outcome))
        {
            if (artifacts is not null && !await artifacts.HasAsync(hash, cancellation))
                return hash;
        }
        return null;
    }

    private static bool CanMeasure(SiloDescription silo, Budget budget) =>
        budget.Kind != BudgetKind.Joules || silo.MeasuresEnergy == true;

    private WorkOffer Offer(WorkRequest request, IReadOnlyList<Lease>? rows) =>
        WorkOffer.Of(request.Silo, options.TimeToLive, rows ?? [], request.Token);

    /// <summary>Decides and adds until the silo has work, or there is none for it.</summary>
    private Granted Grant(StudyTurn turn, WorkOffer offer, SiloDescription silo)
    {
        var now = offer with { Now = turn.Now };
        var (failed, before) = (new List<TrialFailed>(), new List<SegmentTrace>());
        var decision = Coordinator.Decide(State, now);
        // Others wait for this turn; what is left over, the silo asks for again.
        for (var left = MostDecisions; decision is WorkDecision.Record && left > 0; left--, decision = Coordinator.Decide(State, now))
        {
            failed.AddRange(decision.Events.OfType<TrialFailed>());
            before.Add(SegmentTrace.Begin(State, decision, silo));
            turn.Add(before[^1].Stamp(decision.Events), decision.Leases);
        }
        if (decision is not WorkDecision.Run run || fleet.PrefersAnother(State, run.Trial, silo))
            return new(null, null, before, failed) { Idle = (decision as WorkDecision.Wait)?.Why };
        var trace = SegmentTrace.Begin(State, run, silo);
        turn.Add(trace.Stamp(run.Events), run.Leases);
        return new(run, trace, before, failed);
    }

    private WorkAnswer Answer(Granted granted, bool wasOpen)
    {
        var isOver = State is { Sequence: > 0, IsOpen: false };
        return new(Assigned(granted), isOver, wasOpen && isOver ? State.Summary : null, [.. Superfluous(granted)], granted.Idle);
    }

    private IEnumerable<ArtifactHash> Superfluous(Granted granted) =>
        granted.Failed.SelectMany(f => ArtifactPruner.AfterReport(State, State.Trial(f.Trial)));

    private Assignment? Assigned(Granted granted)
    {
        if (granted is not { Run: { } run, Trace: { } trace } || State.Trial(run.Trial).Segments[^1] is not { Token: { } token } segment)
            return null;
        _traces[(run.Fence, token)] = trace;
        var trial = State.Trial(run.Trial);
        return new(
            State.Id, trial.Id, segment.Number, run.Fence, segment.Rung, trial.Configuration,
            TrialSeed.Of(State.Space.Seed, trial.NumberInClass), State.Created.Corpus, State.Space.Budget, segment.ToAmount,
            segment.Rung == trial.Bracket.Rungs.Length - 1, trial.LastCheckpoint?.Hash, trace.SegmentParent ?? segment.Trace, token)
        {
            Losses = trial.Losses.GetValueOrDefault(segment.Host),
        };
    }

    /// <summary>
    /// Ends the study if nothing is left to do, and returns what was found: a silo that leaves after its report asks no more, and nobody
    /// else may either.
    /// </summary>
    private async ValueTask<StudySummary?> EndAsync(CancellationToken cancellation) =>
        await StudyEnd.TryAsync(store, ledger, options.TimeToLive, cancellation) ? State.Summary : null;

    /// <summary>What a turn gave to a silo.</summary>
    /// <param name="Before">Of what was decided on the way.</param>
    /// <param name="Failed">Trials that ended on the way.</param>
    private sealed record Granted(
        WorkDecision.Run? Run, SegmentTrace? Trace, IReadOnlyList<SegmentTrace> Before, IReadOnlyList<TrialFailed> Failed)
    {
        public static Granted Nothing { get; } = new(null, null, [], []);

        /// <summary>Why the silo can't have what there is; null if it got some, or there is none.</summary>
        public string? Idle { get; init; }

        /// <summary>Ends the spans of what was decided, or forgets them.</summary>
        public void Settle(bool happened)
        {
            foreach (var trace in Before)
                Settle(trace, happened);
            // A lease taken up again adds nothing to the ledger: its segment is traced all the same.
            if (Trace is not null)
                Settle(Trace, happened || Run is { Events.Count: 0 });
        }

        private static void Settle(SegmentTrace trace, bool happened)
        {
            if (happened)
                trace.Recorded();
            else
                trace.Discard();
        }
    }

    private sealed record Reported(ReportDecision Decision, Granted Granted);
}
