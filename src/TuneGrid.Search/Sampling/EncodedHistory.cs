using System.Runtime.CompilerServices;
using TuneGrid.Search.Observations;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Sampling;

/// <summary>
/// The points of a history's configurations, and which were tried, computed once each: it only saves time. Thread-safe as far as the
/// history is.
/// </summary>
internal sealed class EncodedHistory(SpaceEncoding encoding)
{
    private readonly ConditionalWeakTable<SearchHistory, Entries> _entries = [];

    /// <summary>Returns what is known of the history as it is now.</summary>
    public Entries Of(SearchHistory history)
    {
        var entries = _entries.GetOrCreateValue(history);
        entries.Read(history, encoding);
        return entries;
    }

    public sealed class Entries
    {
        private readonly HashSet<Configuration> _tried = [];

        /// <summary>Each trial's point, by its place in the history.</summary>
        public List<double[]> Points { get; } = [];

        /// <summary>Returns whether the very configuration was proposed before.</summary>
        public bool WasTried(Configuration configuration) => _tried.Contains(configuration);

        internal void Read(SearchHistory history, SpaceEncoding encoding)
        {
            for (var i = Points.Count; i < history.Trials.Count; i++)
            {
                Points.Add(encoding.Encode(history.Trials[i].Configuration));
                _tried.Add(history.Trials[i].Configuration);
            }
        }
    }
}
