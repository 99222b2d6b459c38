using TuneGrid.Search.Observations;
using TuneGrid.Search.Sampling;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Tests.Sampling;

internal static class BlindSampling
{
    /// <summary>Returns what is proposed after so many trials of which nothing has been heard.</summary>
    public static Configuration Sample(this ISampler sampler, int trials)
    {
        var history = new SearchHistory();
        for (var trial = 0; trial < trials; trial++)
            history.Proposed(trial, Configuration.Empty);
        return sampler.Propose(history).Configuration;
    }
}
