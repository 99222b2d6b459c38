using System.Collections.Immutable;
using TuneGrid.Search.Numerics;
using TuneGrid.Search.Observations;
using TuneGrid.Search.Surrogates;

namespace TuneGrid.Search.Scheduling;

/// <summary>
/// Every trial's learning curve, and what they promise: a power law for each trial, mended by how the forecasts for those that went further
/// have ended.
/// </summary>
internal sealed class CurveBook(ImmutableArray<double> rungs)
{
    // What a new trial may come to is judged by the latest: the sampler has learned since the first.
    private const int MostPeers = 64;

    private readonly Dictionary<TrialId, Entry> _entries = [];
    private readonly List<Entry> _order = [];
    private readonly PowerLawCalibration _calibration = new();

    /// <summary>The best score at any rung; null while there is none.</summary>
    public double? Best { get; private set; }

    /// <summary>How far the median trial's latest score is from the best score; above 0.</summary>
    public double Spread
    {
        get
        {
            var latest = Peers().Where(e => !e.HasFailed).Select(e => e.Points[^1].Score).Order().ToArray();
            var spread = latest.Length == 0 ? 0 : latest[latest.Length / 2] - Best!.Value;
            return Math.Max(spread, 1e-6 * Math.Max(1e-6, Math.Abs(Best!.Value)));
        }
    }

    /// <summary>A repeated report replaces the earlier one.</summary>
    public void Reached(TrialId trial, int rung, double score, IReadOnlyList<CurvePoint> within)
    {
        var entry = Of(trial);
        if (double.IsNaN(score))
        {
            entry.HasFailed = true;
            return;
        }
        var (from, to) = (rung == 0 ? 0 : rungs[rung - 1], rungs[rung]);
        entry.Points.RemoveAll(p => p.Amount > from);
        entry.Points.AddRange(within.Where(p => p.Amount > from && p.Amount < to && double.IsFinite(p.Score)).OrderBy(p => p.Amount));
        entry.Points.Add(new(to, score));
        for (var earlier = 0; earlier < rung; earlier++)
        {
            if (entry.Fits[earlier] is { } fit)
                _calibration.Learn(fit.At(to), score, Doublings(earlier, rung));
        }
        (entry.Fits[rung], entry.Scores[rung], entry.Rung, entry.HasFailed) = (new(entry.Points), score, rung, false);
        Best = Best is { } best ? Math.Min(best, score) : score;
    }

    public void Failed(TrialId trial) => Of(trial).HasFailed = true;

    /// <summary>Returns what a trial that has reached a rung will come to at a later one.</summary>
    public CurveForecast Forecast(TrialId trial, int rung) => Forecast(_entries[trial], rung);

    /// <summary>
    /// Returns the probability that a new trial is below a threshold at a rung, by what its latest peers are there or will be.
    /// </summary>
    public double ChanceOfNew(int rung, double threshold)
    {
        var scores = new List<double>();
        var failed = 0;
        foreach (var peer in Peers())
        {
            if (peer.HasFailed)
                failed++;
            else
                scores.Add(peer.Scores[rung] ?? Forecast(peer, rung).Score);
        }
        // One of each kind that nobody has seen yet: the first trials say little.
        if (scores.Count < 2)
            return 1;
        scores.Sort();
        var width = Width(scores);
        return scores.Sum(s => Elementary.NormalCdf((threshold - s) / width)) / (scores.Count + failed);
    }

    /// <summary>The kernel width for a density over these scores (Silverman 1986, the robust rule).</summary>
    private static double Width(List<double> sorted)
    {
        var mean = sorted.Sum() / sorted.Count;
        var deviation = Math.Sqrt(sorted.Sum(s => (s - mean) * (s - mean)) / (sorted.Count - 1));
        var quartiles = (sorted[sorted.Count * 3 / 4] - sorted[sorted.Count / 4]) / 1.34;
        var spread = quartiles > 0 ? Math.Min(deviation, quartiles) : deviation;
        return Math.Max(0.9 * spread * Elementary.Pow(sorted.Count, -0.2), 1e-9 * Math.Max(1e-9, Math.Abs(sorted[0])));
    }

    private CurveForecast Forecast(Entry entry, int rung) =>
        entry.Rung >= rung
            ? new(entry.Points[^1].Score, 1e-9)
            : _calibration.Mend(entry.Fits[entry.Rung]!.At(rungs[rung]), Doublings(entry.Rung, rung));

    private IEnumerable<Entry> Peers() => _order.Skip(Math.Max(0, _order.Count - MostPeers));

    private double Doublings(int from, int to) => Elementary.Log2(rungs[to] / rungs[from]);

    private Entry Of(TrialId trial)
    {
        if (!_entries.TryGetValue(trial, out var entry))
        {
            _entries[trial] = entry = new(rungs.Length);
            _order.Add(entry);
        }
        return entry;
    }

    private sealed class Entry(int rungs)
    {
        public List<CurvePoint> Points { get; } = [];

        public PowerLawFit?[] Fits { get; } = new PowerLawFit?[rungs];

        public double?[] Scores { get; } = new double?[rungs];

        public int Rung { get; set; }

        public bool HasFailed { get; set; }
    }
}
