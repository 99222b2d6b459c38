using TuneGrid.Coordination;
using TuneGrid.Coordination.Json;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Silos;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;

namespace TuneGrid.Simulation.Stores;

/// <summary>
/// The true store, with the invariants of the design checked after every append, by other means than the code under test.
/// </summary>
internal sealed class AuditedStore(
    InMemoryStudyStore inner, InMemoryArtifactStore artifacts, SearchPlanner planner,
    IReadOnlyDictionary<ArtifactHash, SegmentTruth> truths) : IStudyStore
{
    private readonly HashSet<(TrialId Trial, int Rung)> _rerun = [];
    private readonly Dictionary<StudyId, StudyState> _states = [];
    private readonly Dictionary<TrialId, long> _fences = [];
    private readonly HashSet<(TrialId Trial, int Rung)> _promoted = [];
    private readonly HashSet<(TrialId Trial, int Rung)> _reached = [];
    private readonly Dictionary<TrialId, HashSet<string>> _silenced = [];
    private readonly Dictionary<TrialId, double> _saved = [];
    private readonly HashSet<TrialId> _torn = [];

    public long Operations { get; private set; }

    public StudyState State(StudyId study) => _states[study];

    public async ValueTask<bool> TryAppendAsync(Commit commit, CancellationToken cancellation)
    {
        Operations++;
        if (!await inner.TryAppendAsync(commit, cancellation))
            return false;
        if (!_states.TryGetValue(commit.Study, out var state))
            _states.Add(commit.Study, state = new(commit.Study, planner));
        foreach (var recorded in await inner.ReadAsync(commit.Study, state.Sequence, cancellation))
        {
            state.Apply(recorded);
            Check(recorded, state);
        }
        Invariant.Holds(
            EventJson.WriteSummary(state.Summary).AsSpan().SequenceEqual(EventJson.WriteSummary(commit.Summary)),
            "the header says what the ledger says");
        var leases = (await inner.LeasesAsync(commit.Study, cancellation)).Select(l => (l.Trial, l.Fence));
        var running = state.Classes.SelectMany(c => c.Running).Order().Select(t => (t, ((TrialPhase.Running)state.Trial(t).Phase).Fence));
        Invariant.Holds(leases.SequenceEqual(running), "the lease rows are those of the trials that run");
        return true;
    }

    public ValueTask<IReadOnlyList<RecordedEvent>> ReadAsync(
        StudyId study, long afterSequence, CancellationToken cancellation) =>
        Count(inner.ReadAsync(study, afterSequence, cancellation));

    public ValueTask<StudyList> ListAsync(CancellationToken cancellation) => Count(inner.ListAsync(cancellation));

    public ValueTask<IReadOnlyList<Lease>> LeasesAsync(StudyId study, CancellationToken cancellation) =>
        Count(inner.LeasesAsync(study, cancellation));

    public ValueTask<LeaseRenewal> RenewAsync(
        StudyId study, TrialId trial, Fence fence, TimeSpan timeToLive, SegmentProgress? progress, CancellationToken cancellation)
        => Count(inner.RenewAsync(study, trial, fence, timeToLive, progress, cancellation));

    public ValueTask<DrainRequest> AnnounceAsync(SiloDescription silo, CancellationToken cancellation) =>
        Count(inner.AnnounceAsync(silo, cancellation));

    public ValueTask DepartAsync(SiloId silo, CancellationToken cancellation) => inner.DepartAsync(silo, cancellation);

    public ValueTask<IReadOnlyList<SiloRow>> SilosAsync(CancellationToken cancellation) => Count(inner.SilosAsync(cancellation));

    public ValueTask<bool> RequestDrainAsync(SiloId silo, DrainRequest request, CancellationToken cancellation) =>
        inner.RequestDrainAsync(silo, request, cancellation);

    public ValueTask<DateTimeOffset> NowAsync(CancellationToken cancellation) => Count(inner.NowAsync(cancellation));

    public ValueTask<long> WaitForChangeAsync(long cursor, TimeSpan timeout, CancellationToken cancellation) =>
        inner.WaitForChangeAsync(cursor, timeout, cancellation);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private ValueTask<T> Count<T>(ValueTask<T> call)
    {
        Operations++;
        return call;
    }

    private void Check(RecordedEvent recorded, StudyState state)
    {
        switch (recorded.Event)
        {
            case SegmentLeased e:
                Invariant.Holds(e.Fence.Value > _fences.GetValueOrDefault(e.Trial), "fences grow");
                _fences[e.Trial] = e.Fence.Value;
                Invariant.Holds(_saved.GetValueOrDefault(e.Trial).Equals(e.FromAmount), $"{e.Trial} goes on from where it was saved");
                break;
            case TrialPromoted e:
                Invariant.Holds(_promoted.Add((e.Trial, e.ToRung)), $"{e.Trial} was promoted twice to rung {e.ToRung}");
                break;
            case RungReached e:
                Invariant.Holds(_fences[e.Trial] == e.Fence.Value, $"{e.Trial} reports under its newest fence");
                Invariant.Holds(_reached.Add((e.Trial, e.Rung)), $"{e.Trial} was counted twice at rung {e.Rung}");
                var rung = state.Trial(e.Trial).Bracket.Rungs[e.Rung];
                Invariant.Holds(
                    e.Result.Amount >= rung && e.Result.Amount <= rung + SimulatedRunner.StepSeconds,
                    $"{e.Trial} stopped within a step of rung {e.Rung}");
                CheckDisturbance(e, state);
                Saved(e.Trial, e.Result.Amount);
                break;
            case SegmentDisturbed e:
                Invariant.Holds(_rerun.Add((e.Trial, state.Trial(e.Trial).Segments[^1].Rung)), $"{e.Trial} was rerun twice for one rung");
                break;
            case TrialPaused { Checkpoint: not null } e:
                Invariant.Holds(_fences[e.Trial] == e.Fence.Value, $"{e.Trial} reports under its newest fence");
                Saved(e.Trial, e.Amount);
                break;
            case CheckpointLost e:
                // Only the newest two are kept: once both were torn, the ones before are rightly gone.
                Invariant.Holds(
                    artifacts.IsDamaged(e.Checkpoint) || _torn.Contains(e.Trial),
                    $"{e.Trial} lost a checkpoint that nobody tore");
                _torn.Add(e.Trial);
                _saved[e.Trial] = state.Trial(e.Trial).LastCheckpoint?.Amount ?? 0;
                break;
            case LeaseExpired e:
                var silenced = _silenced.TryGetValue(e.Trial, out var known) ? known : _silenced[e.Trial] = [];
                silenced.Add(state.Trial(e.Trial).Segments[^1].Host);
                Invariant.Holds(silenced.Count <= Coordinator.MostHostsLost, $"{e.Trial} circles the fleet");
                break;
            case TrialFailed { Kind: FailureKind.Crashed } e:
                Invariant.Holds(
                    _silenced.GetValueOrDefault(e.Trial)?.Count >= Coordinator.MostHostsLost,
                    $"{e.Trial} failed for the losses of one host");
                break;
        }
    }

    /// <summary>A slow segment is never taken for a good one, nor thrown away without cause.</summary>
    private void CheckDisturbance(RungReached reached, StudyState state)
    {
        var isDisturbed = reached.Result.Disturbed;
        Invariant.Holds(
            !isDisturbed || state.Created.Disturbance == DisturbancePolicy.Accept || _rerun.Contains((reached.Trial, reached.Rung)),
            $"{reached.Trial} was disturbed on the way to rung {reached.Rung} and not rerun");
        if (!truths.TryGetValue(reached.Result.Checkpoint, out var truth))
            return;
        Invariant.Holds(
            isDisturbed || !truth.MustShow,
            $"{reached.Trial} ran at {truth.Speed:P0} of its silo's norm toward rung {reached.Rung} and nobody noticed");
        Invariant.Holds(
            !isDisturbed || !truth.MustNotShow,
            $"{reached.Trial} ran at {truth.Speed:P0} of its silo's norm toward rung {reached.Rung} and was called disturbed");
    }

    private void Saved(TrialId trial, double amount)
    {
        Invariant.Holds(amount >= _saved.GetValueOrDefault(trial), $"{trial} lost finished work");
        _saved[trial] = amount;
        _silenced.Remove(trial);
    }
}
