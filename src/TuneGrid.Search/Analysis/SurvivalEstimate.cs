using TuneGrid.Search.Numerics;
using TuneGrid.Search.Randomness;

namespace TuneGrid.Search.Analysis;

/// <summary>
/// Plays a study many times with made-up configurations: their worth is normal with the class's spread, their scores scatter by its noise.
/// Curves that cross are not in it, so that the chances are those of the noise alone; nor is a control, which takes nobody's place.
/// </summary>
internal sealed class SurvivalEstimate(IReadOnlyList<Ladder> ladders, NoiseModel noise, int finalists, int repeats)
{
    private const int MostTrials = 20_000;
    private const int MostGames = 2000, FewestGames = 100;
    private const double Effort = 2e6;

    private readonly int _trials = ladders.Sum(l => l.Entering[0] - l.Control);

    /// <summary>Returns the chance that the best is still there after each of these ascending amounts; null where it is unknown.</summary>
    public double[]? Of(double[] amounts)
    {
        if (_trials is 0 or > MostTrials || amounts.Any(a => noise.SpreadAt(a) <= 0))
            return null;
        var games = (int)Math.Clamp(Effort / _trials, FewestGames, MostGames);
        var survived = new int[amounts.Length];
        for (var game = 0; game < games; game++)
        {
            var lostAt = Play(new(game));
            for (var i = 0; i < amounts.Length; i++)
                survived[i] += amounts[i] < lostAt ? 1 : 0;
        }
        return [.. survived.Select(s => (double)s / games)];
    }

    /// <summary>Returns the amount at which the best was lost; infinity if it was named.</summary>
    private double Play(Game game)
    {
        var worth = Enumerable.Range(0, _trials).Select(_ => game.Normal()).ToArray();
        var best = Array.IndexOf(worth, worth.Min());
        var (first, top) = (0, new List<(double Score, int Trial)>());
        var lostAt = double.PositiveInfinity;
        foreach (var ladder in ladders)
        {
            var alive = Enumerable.Range(first, ladder.Entering[0] - ladder.Control).ToList();
            first += alive.Count;
            var isHere = alive.Contains(best);
            for (var rung = 0; rung < ladder.Entering.Length; rung++)
            {
                var amount = ladder.Bracket.Rungs[rung];
                var (spread, deviation) = (noise.SpreadAt(amount), noise.DeviationAt(amount));
                var ranked = alive.Select(t => (Score: (spread * worth[t]) + (deviation * game.Normal()), Trial: t)).Order().ToList();
                if (rung + 1 == ladder.Entering.Length)
                {
                    top.AddRange(ranked);
                    break;
                }
                alive = [.. ranked.Take(ladder.Entering[rung + 1] - ladder.Control).Select(r => r.Trial)];
                if (isHere && !alive.Contains(best))
                    (isHere, lostAt) = (false, amount);
            }
        }
        return double.IsFinite(lostAt) ? lostAt : Named(top, worth, game) == best ? double.PositiveInfinity : ladders[0].Bracket.Rungs[^1];
    }

    private int Named(List<(double Score, int Trial)> top, double[] worth, Game game)
    {
        top.Sort();
        if (finalists == 0 || repeats == 0)
            return top[0].Trial;
        var amount = ladders[0].Bracket.Rungs[^1];
        var (spread, deviation) = (noise.SpreadAt(amount), noise.DeviationAt(amount));
        return top.Take(finalists).MinBy(t => t.Score + Enumerable.Range(0, repeats)
            .Sum(_ => (spread * worth[t.Trial]) + (deviation * game.Normal()))).Trial;
    }

    /// <summary>One study's luck.</summary>
    private sealed class Game(int number)
    {
        private const ulong Seed = 0x5AFE;
        private ulong _draws;

        public double Normal() =>
            Elementary.NormalQuantile(CounterRandom.Uniform(Seed, (ulong)number, _draws++) + (1.0 / (1UL << 54)));
    }
}
