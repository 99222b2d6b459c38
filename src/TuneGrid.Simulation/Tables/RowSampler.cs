using TuneGrid.Search.Observations;
using TuneGrid.Search.Sampling;
using TuneGrid.Search.Space;

namespace TuneGrid.Simulation.Tables;

/// <summary>
/// Proposes, for every suggestion, the nearest row in the unit cube that the class has not tried yet; once all are tried, all may be again.
/// The sampler then finds that row's own values in the history: told its suggestion instead, it would see one curve under many coordinates.
/// </summary>
internal sealed class RowSampler(ISampler inner, UnitBox box, Configuration[] rows) : ISampler
{
    private readonly Dictionary<Configuration, int> _numbers = Numbered(rows);
    private readonly HashSet<int> _tried = [];
    private SearchHistory? _history;
    private int _counted;

    public Proposal Propose(SearchHistory history)
    {
        Count(history);
        var suggested = inner.Propose(history);
        return suggested with { Configuration = rows[Nearest(box.Unit(suggested.Configuration))] };
    }

    private static Dictionary<Configuration, int> Numbered(Configuration[] rows)
    {
        var numbers = new Dictionary<Configuration, int>(ReferenceEqualityComparer.Instance);
        for (var row = 0; row < rows.Length; row++)
            numbers.Add(rows[row], row);
        return numbers;
    }

    /// <summary>Only what is new since the last proposal, as long as it is the same history.</summary>
    private void Count(SearchHistory history)
    {
        if (!ReferenceEquals(_history, history) || history.Trials.Count < _counted)
        {
            _tried.Clear();
            (_history, _counted) = (history, 0);
        }
        for (; _counted < history.Trials.Count; _counted++)
        {
            if (_tried.Count == rows.Length)
                _tried.Clear();
            _tried.Add(_numbers[history.Trials[_counted].Configuration]);
        }
        if (_tried.Count == rows.Length)
            _tried.Clear();
    }

    private int Nearest(double[] point)
    {
        var (best, least) = (-1, double.PositiveInfinity);
        for (var row = 0; row < rows.Length; row++)
        {
            if (_tried.Contains(row))
                continue;
            var distance = UnitBox.SquaredDistance(box.Units[row], point);
            if (distance < least || best < 0)
                (best, least) = (row, distance);
        }
        return best;
    }
}
