using System.Runtime.CompilerServices;
using TuneGrid.Search.Observations;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Sampling;

/// <summary>
/// What samplers need of a history's configurations again and again, computed once each: it only saves time. Thread-safe as far as the
/// history is.
/// </summary>
internal sealed class HistoryPoints(SpaceEncoding encoding)
{
    private readonly ConditionalWeakTable<SearchHistory, Known> _known = [];

    /// <summary>Returns what is known of the history as it is now.</summary>
    public Known Of(SearchHistory history)
    {
        var known = _known.GetOrCreateValue(history);
        known.Read(history, encoding);
        return known;
    }

    public sealed class Known
    {
        private readonly List<double[]> _points = [];
        private readonly HashSet<Configuration> _tried = [];

        /// <summary>Where each trial lies on the axes, by its place in the history.</summary>
        public IReadOnlyList<double[]> Points => _points;

        /// <summary>Returns whether the very configuration was proposed before.</summary>
        public bool WasTried(Configuration configuration) => _tried.Contains(configuration);

        internal void Read(SearchHistory history, SpaceEncoding encoding)
        {
            for (var i = _points.Count; i < history.Trials.Count; i++)
            {
                var configuration = history.Trials[i].Configuration;
                _points.Add(encoding.Points(configuration));
                _tried.Add(configuration);
            }
        }
    }
}
