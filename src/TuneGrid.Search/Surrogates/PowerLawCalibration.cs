namespace TuneGrid.Search.Surrogates;

/// <summary>
/// Mends forecasts by how earlier ones of the same study ended. For each distance, in doublings of the amount, it keeps by how many of its
/// own deviations a forecast missed: the median miss moves the next one, and the spread around it widens or narrows it, so that an 80 %
/// interval holds about 80 % of the truths (after split conformal prediction, Lei et al. 2018, arXiv:1604.04173). With few of them both are
/// drawn toward what is usual. Not thread-safe.
/// </summary>
public sealed class PowerLawCalibration
{
    // What is kept of each distance: the latest, since a study's later trials are better, and so flatter, than its first.
    private const int Kept = 64;

    // As many misses of a made-up study are added to the real ones.
    private const double ShrinkShift = 3;
    private static readonly double[] UsualMisses = [0.6, 1.65];
    private const double Share = 0.8, NormalAtShare = 1.2815515655446004;
    private readonly SortedDictionary<int, Bucket> _buckets = [];

    /// <summary>A forecast has met its truth.</summary>
    /// <param name="forecast">As <see cref="PowerLawFit"/> made it, not yet mended.</param>
    /// <param name="doublings">The logarithm to base 2 of the amount it was made for over the amount it was made at.</param>
    public void Learn(CurveForecast forecast, double truth, double doublings)
    {
        var at = Nearest(doublings);
        if (!_buckets.TryGetValue(at, out var bucket))
            _buckets[at] = bucket = new();
        bucket.Add((truth - forecast.Score) / forecast.Deviation);
    }

    /// <summary>Returns the forecast, moved and widened by what was learned at the nearest distance that anything is known of.</summary>
    public CurveForecast Mend(CurveForecast forecast, double doublings)
    {
        var (shift, scale) = At(Nearest(doublings));
        return new(forecast.Score + (shift * forecast.Deviation), scale * forecast.Deviation);
    }

    private static int Nearest(double doublings) => (int)Math.Round(doublings);

    private (double Shift, double Scale) At(int doublings)
    {
        Bucket? nearest = null;
        var distance = int.MaxValue;
        foreach (var (at, bucket) in _buckets)
        {
            if (Math.Abs(at - doublings) < distance)
                (nearest, distance) = (bucket, Math.Abs(at - doublings));
        }
        return (nearest ?? new Bucket()).Correction();
    }

    private sealed class Bucket
    {
        private readonly Queue<double> _misses = new();
        private (double Shift, double Scale)? _correction;

        public void Add(double miss)
        {
            if (_misses.Count == Kept)
                _misses.Dequeue();
            _misses.Enqueue(miss);
            _correction = null;
        }

        public (double Shift, double Scale) Correction() => _correction ??= Compute();

        private (double Shift, double Scale) Compute()
        {
            var sorted = _misses.Order().ToArray();
            var median = sorted.Length == 0 ? 0
                : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
            var shift = median * sorted.Length / (sorted.Length + ShrinkShift);
            var spread = sorted.Select(m => Math.Abs(m - shift)).Concat(UsualMisses).Order().ToArray();
            // The quantile between two ranks, and a little more where there are few.
            var rank = Share * (spread.Length - 1);
            var below = (int)rank;
            var quantile = spread[below] + ((rank - below) * (spread[Math.Min(below + 1, spread.Length - 1)] - spread[below]));
            return (shift, quantile * (1 + (0.5 / spread.Length)) / NormalAtShare);
        }
    }
}
