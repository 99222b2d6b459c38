using TuneGrid.Coordination;
using TuneGrid.Coordination.Json;
using TuneGrid.Coordination.Trials;
using TuneGrid.Silo.Membership;

namespace TuneGrid.Silo.Grains;

/// <summary>
/// Runs a segment as its trial's grain, which its placement puts on this silo: whoever wants it paused or stopped tells the grain. A cluster that can't place the
/// grain does not keep the segment from training: the lease is what counts.
/// </summary>
internal sealed class GrainRunner(ISegmentRunner runner, IGrainFactory grains, GridServices grid, SiloAddress address) : ISegmentRunner
{
    // An earlier activation elsewhere, or here, first has to make room.
    private const int Tries = 5;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_tellEvery = TimeSpan.FromSeconds(1);

    public bool CanRun(CorpusReference corpus) => runner.CanRun(corpus);

    public async Task<SegmentOutcome> RunAsync(SegmentOrder order, ISegmentMonitor monitor, CancellationToken stop, CancellationToken abandon)
    {
        using var segment = new LocalSegment(runner, order, monitor, stop, abandon) { Progressed = Teller(order) };
        var trial = grains.GetGrain<ITrialGrain>(segment.Key);
        grid.Segments.Add(segment);
        try
        {
            await PlaceAsync(trial, order);
            return await segment.Start();
        }
        finally
        {
            grid.Segments.Remove(segment);
            trial.EndedAsync(order.Segment).Ignore();
        }
    }

    private async Task PlaceAsync(ITrialGrain trial, SegmentOrder order)
    {
        using var span = SegmentCalls.Start("tunegrid.segment.place", order);
        OnSiloDirector.Hint(address);
        try
        {
            for (var i = 0; i < Tries && !await trial.StartAsync(order.Segment); i++)
                await Task.Delay(s_pause, grid.Time);
        }
        catch (Exception exception) when (Liveness.IsHopeless(exception))
        {
            // It trains without its grain then.
        }
        finally
        {
            OnSiloDirector.Hint(null);
        }
    }

    /// <summary>Tells the study how far the segment is, now and then.</summary>
    private Action<SegmentProgress> Teller(SegmentOrder order)
    {
        var study = grains.GetGrain<IStudyGrain>(order.Study.Value);
        var told = 0L;
        return progress =>
        {
            if (told != 0 && grid.Time.GetElapsedTime(told) < s_tellEvery)
                return;
            told = grid.Time.GetTimestamp();
            study.ProgressAsync(new(order.Trial.Number, EventJson.WriteProgress(progress))).Ignore();
        };
    }
}
