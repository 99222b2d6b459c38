using System.Globalization;

namespace TuneGrid.Search.Sampling;

/// <summary>What refused the draws of one trial, and how often.</summary>
internal sealed class RefusalCount
{
    private const int LongestShown = 200;

    /// <summary>Reasons of a model's own name its sizes: there may be as many as draws.</summary>
    private const int MostReasons = 1000;

    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private int _draws;

    public void Add(string reason)
    {
        _draws++;
        if (_counts.Count < MostReasons || _counts.ContainsKey(reason))
            _counts[reason] = _counts.GetValueOrDefault(reason) + 1;
    }

    public override string ToString()
    {
        var (reason, count) = _counts.MaxBy(c => c.Value);
        var shown = reason.Length > LongestShown ? reason[..LongestShown] + "..." : reason;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"no feasible configuration in {_draws} draws; {100.0 * count / _draws:F0} % are refused by: {shown}");
    }
}
