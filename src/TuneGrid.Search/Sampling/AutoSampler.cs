using TuneGrid.Search.Observations;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Sampling;

/// <summary>Takes the sampler that <see cref="Choose"/> names, and says so in the reason of a study's first proposal.</summary>
internal sealed class AutoSampler(ISampler inner, string why) : ISampler
{
    /// <summary>From so many columns on a Gaussian process learns less from few trials than it costs.</summary>
    private const int MostColumns = 64;

    /// <summary>Returns which sampler the space's <c>auto</c> stands for. A function of the space alone.</summary>
    public static AutoChoice Choose(SearchSpace space)
    {
        var columns = new SpaceEncoding(space).Columns;
        return columns is 0 or > MostColumns
            ? new("sobol", $"sobol, for a Gaussian process has too little to learn from with {columns} dimensions")
            : new("gp", "gp, a Gaussian process, which found good configurations soonest on recorded learning curves");
    }

    public Proposal Propose(SearchHistory history)
    {
        var (configuration, reason) = inner.Propose(history);
        return new(configuration, history.Trials.Count == 0 ? reason with { Text = $"auto: {why}" } : reason);
    }
}
