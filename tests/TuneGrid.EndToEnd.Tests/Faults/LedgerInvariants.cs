using TuneGrid.Coordination.Ports;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Scheduling;

namespace TuneGrid.EndToEnd.Tests.Faults;

/// <summary>
/// What must hold in any ledger whatever was killed, checked from the raw events alone, without the product's own fold: an independent oracle.
/// </summary>
internal static class LedgerInvariants
{
    public static void Check(IReadOnlyList<RecordedEvent> ledger, double amountTolerance)
    {
        var leases = new Dictionary<TrialId, SegmentLeased>();
        var promoted = new HashSet<(TrialId, int FromRung)>();
        var reached = new Dictionary<(TrialId, int Rung), int>();
        var ended = new HashSet<TrialId>();
        for (var i = 0; i < ledger.Count; i++)
        {
            Assert.Equal(i + 1, ledger[i].Sequence);
            switch (ledger[i].Event)
            {
                case SegmentLeased lease:
                    Assert.False(leases.ContainsKey(lease.Trial), $"{lease.Trial} leased twice at {i + 1}");
                    Assert.DoesNotContain(lease.Trial, ended);
                    Assert.Equal(ledger[i].Sequence, lease.Fence.Value);
                    leases[lease.Trial] = lease;
                    break;
                case RungReached rung:
                    var held = TakeLease(leases, rung.Trial, rung.Fence, i);
                    Assert.Equal(held.Rung, rung.Rung);
                    Assert.InRange(rung.Result.Amount, held.ToAmount, held.ToAmount + amountTolerance);
                    reached[(rung.Trial, rung.Rung)] = reached.GetValueOrDefault((rung.Trial, rung.Rung)) + 1;
                    break;
                case TrialPaused paused:
                    TakeLease(leases, paused.Trial, paused.Fence, i);
                    break;
                case LeaseExpired expired:
                    TakeLease(leases, expired.Trial, expired.Fence, i);
                    break;
                case TrialFailed failed:
                    leases.Remove(failed.Trial);
                    Assert.True(ended.Add(failed.Trial));
                    break;
                case TrialPromoted promotion:
                    Assert.True(promoted.Add((promotion.Trial, promotion.ToRung - 1)), $"{promotion.Trial} promoted twice from rung {promotion.ToRung - 1}");
                    Assert.True(reached.ContainsKey((promotion.Trial, promotion.ToRung - 1)));
                    break;
                case TrialCompleted completed:
                    Assert.True(ended.Add(completed.Trial));
                    break;
            }
        }
        Assert.All(reached, r => Assert.Equal(1, r.Value));
    }

    private static SegmentLeased TakeLease(Dictionary<TrialId, SegmentLeased> leases, TrialId trial, Fence fence, int index)
    {
        Assert.True(leases.Remove(trial, out var lease), $"event {index + 1}: {trial} has no lease");
        Assert.Equal(lease!.Fence, fence);
        return lease;
    }
}
