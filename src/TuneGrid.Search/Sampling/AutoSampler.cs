using TuneGrid.Search.Observations;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Sampling;

/// <summary>Takes the sampler that <see cref="Choose"/> names, and says so in the reason of its first proposal in a study.</summary>
/// <param name="first">How many trials a study has by then: its start points.</param>
internal sealed class AutoSampler(ISampler inner, string why, int first) : ISampler
{
    /// <summary>From so many columns on a Gaussian process learns less from few trials than it costs.</summary>
    private const int MostColumns = 64;

    /// <summary>Returns which sampler the space's <c>auto</c> stands for. A function of the space alone.</summary>
    public static AutoChoice Choose(SearchSpace space)
    {
        var columns = new SpaceEncoding(space).Columns;
        if (columns == 0)
            return new("sobol", "sobol, for nothing is searched");
        var hasRungs = space.Scheduler.Type != SchedulerType.Random && space.Scheduler.Rungs > 1;
        return hasRungs || columns > MostColumns
            ? new("tpe", "tpe, which found good configurations soonest on recorded learning curves, where many trials stop early")
            : new("gp", "gp, a Gaussian process, which makes the most of few trials where each is trained to its end");
    }

    public Proposal Propose(SearchHistory history)
    {
        var (configuration, reason) = inner.Propose(history);
        return new(configuration, history.Trials.Count == first ? reason with { Text = $"auto: {why}" } : reason);
    }
}
