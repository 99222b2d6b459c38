using TuneGrid.Coordination;
using TuneGrid.Coordination.Trials;
using TuneGrid.Silo.Membership;

namespace TuneGrid.Silo.Grains;

/// <summary>
/// Runs a segment as its trial's grain, which its placement puts on this silo: whoever wants it paused or stopped tells the grain. A
/// cluster that can't place the grain does not keep the segment from training: the lease is what counts.
/// </summary>
internal sealed class TrialGrainRunner(
    ISegmentRunner runner, IGrainFactory grains, GrainServices grid, SiloAddress address) : ISegmentRunner
{
    // An earlier activation elsewhere, or here, first has to make room.
    private const int Tries = 5;
    private static readonly TimeSpan PauseBetween = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(1);

    public string? WhyNot(CorpusReference corpus) => runner.WhyNot(corpus);

    public async Task<SegmentOutcome> RunAsync(
        Assignment work, ISegmentMonitor monitor, CancellationToken pause, CancellationToken abandon)
    {
        using var segment = new LocalSegment(runner, work, monitor, pause, abandon) { Progressed = Teller(work) };
        var trial = grains.GetGrain<ITrialGrain>(segment.Key);
        grid.Segments.Add(segment);
        try
        {
            await PlaceAsync(trial, work);
            return await segment.Start();
        }
        finally
        {
            grid.Segments.Remove(segment);
            trial.EndedAsync(work.Segment).Ignore();
        }
    }

    private async Task PlaceAsync(ITrialGrain trial, Assignment work)
    {
        using var span = SegmentSpans.Start("tunegrid.segment.place", work);
        OnSiloDirector.Hint(address);
        try
        {
            for (var i = 0; i < Tries && !await trial.StartAsync(work.Segment); i++)
                await Task.Delay(PauseBetween, grid.Time);
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
    private Action<SegmentProgress> Teller(Assignment work)
    {
        var study = grains.GetGrain<IStudyGrain>(work.Study.Value);
        var told = 0L;
        return progress =>
        {
            if (told != 0 && grid.Time.GetElapsedTime(told) < TellEvery)
                return;
            told = grid.Time.GetTimestamp();
            study.ProgressAsync(work.Trial.Number, work.Fence.Value, work.Token.Secret, progress).Ignore();
        };
    }
}
