using System.Runtime.CompilerServices;
using TuneGrid.Search.Observations;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Sampling;

/// <summary>
/// What samplers need of a history's configurations again and again, computed once each: it only saves time. Thread-safe as far as the
/// history is.
/// </summary>
/// <param name="pointOf">Where a configuration lies: on the axes, or among the columns that kernels compare.</param>
internal sealed class HistoryPoints(Func<Configuration, double[]> pointOf)
{
    private readonly ConditionalWeakTable<SearchHistory, Known> _known = [];

    /// <summary>Returns what is known of the history as it is now.</summary>
    public Known Of(SearchHistory history)
    {
        var known = _known.GetOrCreateValue(history);
        known.Read(history, pointOf);
        return known;
    }

    public sealed class Known
    {
        private readonly HashSet<Configuration> _tried = [];

        /// <summary>Where each trial lies, by its place in the history.</summary>
        public List<double[]> Points { get; } = [];

        /// <summary>Returns whether the very configuration was proposed before.</summary>
        public bool WasTried(Configuration configuration) => _tried.Contains(configuration);

        internal void Read(SearchHistory history, Func<Configuration, double[]> pointOf)
        {
            for (var i = Points.Count; i < history.Trials.Count; i++)
            {
                var configuration = history.Trials[i].Configuration;
                Points.Add(pointOf(configuration));
                _tried.Add(configuration);
            }
        }
    }
}
