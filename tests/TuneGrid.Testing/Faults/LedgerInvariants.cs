using TuneGrid.Coordination;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Scheduling;

namespace TuneGrid.Testing.Faults;

/// <summary>
/// What must hold in any ledger whatever was killed, checked from the raw events alone, without the product's own fold: an independent
/// oracle.
/// </summary>
internal sealed class LedgerInvariants
{
    private readonly Dictionary<TrialId, SegmentLeased> _leases = [];
    private readonly Dictionary<TrialId, double> _saved = [];
    private readonly Dictionary<TrialId, HashSet<string>> _lostOn = [];
    private readonly HashSet<(TrialId, int FromRung)> _promoted = [];
    private readonly HashSet<(TrialId, int Rung)> _reached = [];
    private readonly HashSet<TrialId> _proposed = [];
    private readonly HashSet<TrialId> _ended = [];

    /// <param name="ledger">Of a study budgeted in steps: no segment goes past its rung.</param>
    public static void Check(IReadOnlyList<RecordedEvent> ledger)
    {
        var oracle = new LedgerInvariants();
        for (var i = 0; i < ledger.Count; i++)
        {
            Assert.Equal(i + 1, ledger[i].Sequence);
            oracle.Check(ledger[i].Sequence, ledger[i].Event);
        }
    }

    /// <summary>The leases that are neither given back nor expired.</summary>
    public static IReadOnlyCollection<SegmentLeased> OpenLeases(IReadOnlyList<RecordedEvent> ledger)
    {
        var oracle = new LedgerInvariants();
        foreach (var recorded in ledger)
            oracle.Check(recorded.Sequence, recorded.Event);
        return oracle._leases.Values;
    }

    private void Check(long sequence, StudyEvent happened)
    {
        switch (happened)
        {
            case TrialProposed proposed:
                Assert.True(_proposed.Add(proposed.Trial), $"{proposed.Trial} proposed twice");
                break;
            case SegmentLeased lease:
                Assert.Contains(lease.Trial, _proposed);
                Assert.DoesNotContain(lease.Trial, _ended);
                Assert.True(_leases.TryAdd(lease.Trial, lease), $"{lease.Trial} leased twice at {sequence}");
                Assert.Equal(sequence, lease.Fence.Value);
                Assert.True(
                    _saved.GetValueOrDefault(lease.Trial).Equals(lease.FromAmount),
                    $"{lease.Trial} does not go on from where it was saved at {sequence}");
                break;
            case RungReached rung:
                var held = TakeLease(rung.Trial, rung.Fence, sequence);
                Assert.Equal(held.Rung, rung.Rung);
                Assert.True(
                    rung.Result.Amount.Equals(held.ToAmount),
                    $"{rung.Trial} went to {rung.Result.Amount}, not {held.ToAmount}, at {sequence}");
                Assert.True(_reached.Add((rung.Trial, rung.Rung)), $"{rung.Trial} counted twice at rung {rung.Rung}");
                Save(rung.Trial, rung.Result.Amount);
                break;
            case TrialPaused paused:
                TakeLease(paused.Trial, paused.Fence, sequence);
                if (paused.Checkpoint is not null)
                    Save(paused.Trial, paused.Amount);
                break;
            case LeaseExpired expired:
                _lostOn.TryAdd(expired.Trial, []);
                _lostOn[expired.Trial].Add(TakeLease(expired.Trial, expired.Fence, sequence).Host!);
                break;
            case TrialReleased released:
                TakeLease(released.Trial, released.Fence, sequence);
                break;
            case TrialFailed { Kind: FailureKind.Crashed } failed:
                Assert.True(
                    _lostOn.GetValueOrDefault(failed.Trial)?.Count >= Coordinator.MostHostsLost,
                    $"{failed.Trial} was given up too early at {sequence}");
                Assert.True(_ended.Add(failed.Trial));
                break;
            case TrialFailed failed:
                Assert.Fail($"{failed.Trial} failed: {failed.Reason}");
                break;
            case TrialPromoted promotion:
                Assert.True(
                    _promoted.Add((promotion.Trial, promotion.ToRung - 1)),
                    $"{promotion.Trial} promoted twice from rung {promotion.ToRung - 1}");
                Assert.Contains((promotion.Trial, promotion.ToRung - 1), _reached);
                break;
            case TrialCompleted completed:
                Assert.True(_ended.Add(completed.Trial));
                break;
            case CheckpointLost lost:
                Assert.Fail($"{lost.Trial} lost a checkpoint that nobody damaged: {lost.Reason}");
                break;
            case StudyCompleted:
                Assert.Empty(_leases);
                break;
        }
    }

    private void Save(TrialId trial, double amount)
    {
        Assert.True(amount >= _saved.GetValueOrDefault(trial), $"{trial} lost finished work");
        _saved[trial] = amount;
        _lostOn.Remove(trial);
    }

    private SegmentLeased TakeLease(TrialId trial, Fence fence, long sequence)
    {
        Assert.True(_leases.Remove(trial, out var lease), $"event {sequence}: {trial} has no lease");
        Assert.Equal(lease!.Fence, fence);
        return lease;
    }
}
