using TuneGrid.Coordination.Artifacts;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;

namespace TuneGrid.Coordination.Work;

/// <summary>
/// The coordinator over the ledgers themselves: the body of a study's grain, what a silo falls back to while its cluster is out of reach,
/// and what simulations drive. Not thread-safe, and every await stays on the caller's context.
/// </summary>
/// <param name="fleet">What is known of the silos; null if nothing is.</param>
/// <param name="artifacts">Where what silos report has to be; null takes their word for it.</param>
/// <param name="begin">Returns the state that a study's events are folded into; null for a new one each.</param>
public sealed class LedgerCoordinator(
    IStudyStore store, SearchPlanner planner, WorkerOptions options, TimeProvider time, IFleet? fleet = null,
    Func<StudyId, StudyState>? begin = null, IArtifactStore? artifacts = null) : IStudyCoordinator
{
    private readonly Dictionary<StudyId, StudyDispatcher> _studies = [];

    /// <inheritdoc/>
    public ValueTask<WorkAnswer> AskAsync(StudyId study, WorkRequest request, CancellationToken cancellation) =>
        Of(study).AskAsync(request, cancellation);

    /// <inheritdoc/>
    public ValueTask<ReportAnswer> ReportAsync(
        Assignment work, SegmentOutcome outcome, WorkRequest? next, CancellationToken cancellation) =>
        Of(work.Study).ReportAsync(work, outcome, next, cancellation);

    /// <inheritdoc/>
    public ValueTask<bool> ReportDamageAsync(Assignment work, ArtifactHash checkpoint, string reason, CancellationToken cancellation) =>
        Of(work.Study).ReportDamageAsync(work, checkpoint, reason, cancellation);

    /// <inheritdoc/>
    public void End(Assignment work, SegmentOutcome? outcome, bool isReported, TimeSpan elapsed) =>
        Of(work.Study).End(work, outcome, isReported, elapsed);

    /// <inheritdoc/>
    public ValueTask<long> WaitAsync(long cursor, TimeSpan timeout, CancellationToken cancellation) =>
        store.WaitForChangeAsync(cursor, timeout, cancellation);

    /// <inheritdoc/>
    public void Keep(IReadOnlyCollection<StudyId> open)
    {
        foreach (var closed in _studies.Keys.Except(open).ToList())
            _studies.Remove(closed);
    }

    /// <summary>Folds in what others appended, and returns the study; null if it is unknown.</summary>
    /// <exception cref="LedgerCorruptException">The ledger is damaged.</exception>
    public async ValueTask<StudyState?> RefreshAsync(StudyId study, CancellationToken cancellation)
        => await Of(study).Ledger.RefreshAsync(cancellation) ? Of(study).Ledger.State : null;

    /// <summary>
    /// Returns the study as this coordinator saw it last, without asking the store. Null if it was never asked about, or is unknown.
    /// </summary>
    public StudyState? Known(StudyId study) =>
        _studies.TryGetValue(study, out var dispatcher) && dispatcher.Ledger.State.Sequence > 0 ? dispatcher.Ledger.State : null;

    /// <summary>Reads the leases anew at the next question: a silo was found dead.</summary>
    public void ForgetLeases()
    {
        foreach (var dispatcher in _studies.Values)
            dispatcher.Leases.Forget();
    }

    private StudyDispatcher Of(StudyId study)
    {
        if (_studies.TryGetValue(study, out var known))
            return known;
        var ledger = new StudyLedger(store, () => begin?.Invoke(study) ?? new(study, planner));
        var others = fleet ?? UnknownFleet.Instance;
        var dispatcher = new StudyDispatcher(store, artifacts, ledger, new(store, options, time, others), others, options);
        _studies.Add(study, dispatcher);
        return dispatcher;
    }
}
