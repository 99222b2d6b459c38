using TuneGrid.Search.Numerics;
using TuneGrid.Search.Randomness;

namespace TuneGrid.Search.Analysis;

/// <summary>How likely it is that a better trial than the champion was stopped early.</summary>
/// <param name="Probability">From 0 to 1; null if it can't be estimated.</param>
/// <param name="Pairs">How many trials were known at a rung and the next.</param>
/// <param name="WhyNot">For people, why it can't be estimated; null if it is.</param>
public sealed record MissedChampionEstimate(double? Probability, int Pairs, string? WhyNot);

/// <summary>
/// Predicts what stopped trials would have scored with the whole budget. From rung to rung a score changes by an intercept of that step, a
/// slope common to all steps and a normal error common to all steps: the upper rungs have too few trials for more. All three are as
/// uncertain as their fit says. Since only the best went on, what they showed is a little better than the truth, and the estimate a little
/// too low.
/// </summary>
public static class MissedChampion
{
    private const int LeastFreedom = 3, Draws = 4000;
    private const ulong Seed = 0xC4A3;

    /// <summary>Returns the share of draws in which some stopped trial beats the best that saw the whole budget.</summary>
    /// <param name="scores">
    /// One row per trial that did not fail, one column per rung of the whole ladder; null where it has no score. Lower is better.
    /// </param>
    public static MissedChampionEstimate Estimate(IReadOnlyList<IReadOnlyList<double?>> scores)
    {
        var top = scores.Count > 0 ? scores[0].Count - 1 : 0;
        var pairs = (from row in scores
                     from step in Enumerable.Range(0, Math.Max(0, top))
                     where row[step] is not null && row[step + 1] is not null
                     select (Step: step, X: row[step]!.Value, Y: row[step + 1]!.Value)).ToList();
        var finished = scores.Where(r => r[top] is not null).Select(r => r[top]!.Value).ToList();
        if (finished.Count == 0)
            return new(null, pairs.Count, "no trial has spent the whole budget");
        var stopped = scores.Where(r => r[top] is null && r.Any(s => s is not null))
            .Select(r => (Rung: r.ToList().FindLastIndex(s => s is not null), Score: r.Last(s => s is not null)!.Value)).ToList();
        if (stopped.Count == 0)
            return new(0, pairs.Count, null);
        var steps = pairs.GroupBy(p => p.Step).ToDictionary(g => g.Key, g => g.ToList());
        if (Enumerable.Range(stopped.Min(s => s.Rung), top - stopped.Min(s => s.Rung)).Any(s => !steps.ContainsKey(s)))
            return new(null, pairs.Count, "no trial is known at each rung and the next");
        var freedom = pairs.Count - steps.Count - 1;
        var needed = LeastFreedom + steps.Count + 1;
        return pairs.Count < needed
            ? new(null, pairs.Count, $"only {pairs.Count} trials are known at a rung and the next; {needed} are needed")
            : new(Share(steps, stopped, top, finished.Min(), freedom), pairs.Count, null);
    }

    private static double Share(
        Dictionary<int, List<(int Step, double X, double Y)>> steps, List<(int Rung, double Score)> stopped, int top, double champion,
        int freedom)
    {
        var means = steps.ToDictionary(s => s.Key, s => (X: s.Value.Average(p => p.X), Y: s.Value.Average(p => p.Y), s.Value.Count));
        var ordered = steps.OrderBy(s => s.Key).SelectMany(s => s.Value).ToList();
        var spread = ordered.Sum(p => (p.X - means[p.Step].X) * (p.X - means[p.Step].X));
        var slope = spread > 0
            ? Math.Clamp(ordered.Sum(p => (p.X - means[p.Step].X) * (p.Y - means[p.Step].Y)) / spread, 0, 1)
            : 1;
        var squares = ordered.Select(p => p.Y - means[p.Step].Y - (slope * (p.X - means[p.Step].X))).Sum(e => e * e);
        var error = Math.Sqrt(squares / freedom);
        var missed = 0;
        for (var draw = 0; draw < Draws; draw++)
        {
            var normal = new Normals((ulong)draw);
            var tilt = Math.Clamp(slope + (spread > 0 ? error / Math.Sqrt(spread) * normal.Next() : 0), 0, 1);
            var shifts = Enumerable.Range(0, top).ToDictionary(
                s => s, s => steps.ContainsKey(s) ? error / Math.Sqrt(means[s].Count) * normal.Next() : 0);
            missed += stopped.Any(t => Predicted(t.Rung, t.Score) < champion) ? 1 : 0;

            double Predicted(int rung, double score)
            {
                for (; rung < top; rung++)
                    score = means[rung].Y + shifts[rung] + (tilt * (score - means[rung].X)) + (error * normal.Next());
                return score;
            }
        }
        return (double)missed / Draws;
    }

    private sealed class Normals(ulong draw)
    {
        private ulong _next;

        // Never 0, whose quantile is infinite.
        public double Next() => Elementary.NormalQuantile(Math.Max(CounterRandom.Uniform(Seed, draw, _next++), 1e-16));
    }
}
