using TuneGrid.Coordination.Ports;
using TuneGrid.Coordination.Ports.InMemory;
using TuneGrid.Coordination.Silos;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Scheduling;

namespace TuneGrid.Coordination.Tests.Simulation;

/// <summary>The true store, with the invariants of the design checked after every append, by other means than the code under test.</summary>
internal sealed class AuditedStore(InMemoryStudyStore inner, InMemoryArtifactStore artifacts, SearchPlanner planner) : IStudyStore
{
    private readonly Dictionary<StudyId, StudyState> _states = [];
    private readonly Dictionary<TrialId, long> _fences = [];
    private readonly HashSet<(TrialId Trial, int Rung)> _promoted = [];
    private readonly HashSet<(TrialId Trial, int Rung)> _reached = [];
    private readonly Dictionary<TrialId, HashSet<SiloId>> _silenced = [];
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
        Assert.Equal(EventJson.WriteSummary(state.Summary), EventJson.WriteSummary(commit.Summary));
        var leases = await inner.LeasesAsync(commit.Study, cancellation);
        Assert.Equal(
            state.Classes.SelectMany(c => c.Running).Order().Select(t => (t, ((TrialPhase.Running)state.Trial(t).Phase).Fence)), leases.Select(l => (l.Trial, l.Fence)));
        return true;
    }

    public ValueTask<IReadOnlyList<RecordedEvent>> ReadAsync(StudyId study, long afterSequence, CancellationToken cancellation) => Count(inner.ReadAsync(study, afterSequence, cancellation));

    public ValueTask<IReadOnlyList<StudySummary>> ListAsync(CancellationToken cancellation) => Count(inner.ListAsync(cancellation));

    public ValueTask<IReadOnlyList<Lease>> LeasesAsync(StudyId study, CancellationToken cancellation) => Count(inner.LeasesAsync(study, cancellation));

    public ValueTask<bool> RenewAsync(StudyId study, TrialId trial, Fence fence, TimeSpan timeToLive, SegmentProgress? progress, CancellationToken cancellation)
        => Count(inner.RenewAsync(study, trial, fence, timeToLive, progress, cancellation));

    public ValueTask<bool> AnnounceAsync(SiloDescription silo, CancellationToken cancellation) => Count(inner.AnnounceAsync(silo, cancellation));

    public ValueTask DepartAsync(SiloId silo, CancellationToken cancellation) => inner.DepartAsync(silo, cancellation);

    public ValueTask<IReadOnlyList<SiloRow>> SilosAsync(CancellationToken cancellation) => Count(inner.SilosAsync(cancellation));

    public ValueTask<bool> RequestDrainAsync(SiloId silo, CancellationToken cancellation) => inner.RequestDrainAsync(silo, cancellation);

    public ValueTask<DateTimeOffset> NowAsync(CancellationToken cancellation) => Count(inner.NowAsync(cancellation));

    public ValueTask<long> WaitForChangeAsync(long cursor, TimeSpan timeout, CancellationToken cancellation) => inner.WaitForChangeAsync(cursor, timeout, cancellation);

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
                Assert.True(e.Fence.Value > _fences.GetValueOrDefault(e.Trial), "fences grow");
                _fences[e.Trial] = e.Fence.Value;
                Assert.Equal(_saved.GetValueOrDefault(e.Trial), e.FromAmount);
                break;
            case TrialPromoted e:
                Assert.True(_promoted.Add((e.Trial, e.ToRung)), $"{e.Trial} was promoted twice to rung {e.ToRung}");
                break;
            case RungReached e:
                Assert.Equal(_fences[e.Trial], e.Fence.Value);
                Assert.True(_reached.Add((e.Trial, e.Rung)), $"{e.Trial} was counted twice at rung {e.Rung}");
                var rung = state.Trial(e.Trial).Bracket.Rungs[e.Rung];
                Assert.InRange(e.Result.Amount, rung, rung + SimulatedRunner.StepSeconds);
                Saved(e.Trial, e.Result.Amount);
                break;
            case TrialPaused { Checkpoint: not null } e:
                Assert.Equal(_fences[e.Trial], e.Fence.Value);
                Saved(e.Trial, e.Amount);
                break;
            case CheckpointLost e:
                // Only the newest two are kept: once both were torn, the ones before are rightly gone.
                Assert.True(artifacts.IsDamaged(e.Checkpoint) || _torn.Contains(e.Trial), $"{e.Trial} lost a checkpoint that nobody tore");
                _torn.Add(e.Trial);
                _saved[e.Trial] = state.Trial(e.Trial).LastCheckpoint?.Amount ?? 0;
                break;
            case LeaseExpired e:
                var silenced = _silenced.TryGetValue(e.Trial, out var known) ? known : _silenced[e.Trial] = [];
                silenced.Add(state.Trial(e.Trial).Segments[^1].Silo);
                Assert.True(silenced.Count <= Coordinator.MostSilosLost, $"{e.Trial} circles the fleet");
                break;
        }
    }

    private void Saved(TrialId trial, double amount)
    {
        Assert.True(amount >= _saved.GetValueOrDefault(trial), $"{trial} lost finished work");
        _saved[trial] = amount;
        _silenced.Remove(trial);
    }
}
