using TuneGrid.Search.Randomness;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Analysis;

/// <summary>A share and where nine of ten resamples of the trials put it.</summary>
/// <param name="Value">Of all trials.</param>
/// <param name="Low">The 5 % quantile of the resamples, at most <paramref name="Value"/>.</param>
/// <param name="High">The 95 % quantile of the resamples, at least <paramref name="Value"/>.</param>
public readonly record struct ImportanceEstimate(double Value, double Low, double High);

/// <summary>How much one parameter matters.</summary>
/// <param name="Name">The parameter's.</param>
/// <param name="PedAnova">
/// For being among the best tenth of the trials (<see cref="PedanovaDivergence"/>); all parameters together 1.
/// </param>
/// <param name="Fanova">
/// The share of the score's variance over the whole space that it explains by itself (<see cref="FunctionalAnova"/>); what is missing
/// from 1 is in combinations.
/// </param>
public sealed record ParameterImportance(string Name, ImportanceEstimate PedAnova, ImportanceEstimate Fanova);

/// <summary>Which parameters of a space matter, by what trials scored. Deterministic: its resamples start from their own seed.</summary>
public static class ParameterImportances
{
    /// <summary>With fewer trials nothing can be said.</summary>
    public const int LeastTrials = 10;

    /// <summary>Of more, every n-th is looked at.</summary>
    public const int MostTrials = 1000;

    private const ulong Seed = 0x1399_07A4;
    private const int Trees = 64, TreesOfResample = 8, ForestResamples = 24, DensityResamples = 100;
    private const ulong ForestStream = 1, DensityStream = 2;

    /// <summary>Returns every searched parameter, the one first that matters most to PED-ANOVA.</summary>
    /// <param name="trials">Configurations and scores at one rung; lower is better, all finite.</param>
    /// <exception cref="ArgumentException">There are fewer than <see cref="LeastTrials"/>.</exception>
    public static IReadOnlyList<ParameterImportance> Of(
        SearchSpace space, IReadOnlyList<(Configuration Configuration, double Score)> trials)
    {
        if (trials.Count < LeastTrials)
            throw new ArgumentException($"{trials.Count} trials are too few", nameof(trials));
        var stride = ((trials.Count - 1) / MostTrials) + 1;
        var sample = ImportanceSample.Of(space, [.. trials.Where((_, i) => i % stride == 0)]);
        var all = Enumerable.Range(0, sample.Count).ToArray();
        var forest = FunctionalAnova.Fractions(sample, all, Trees, Seed);
        var forests = Resamples(sample.Count, ForestResamples, ForestStream)
            .Select((rows, i) => FunctionalAnova.Fractions(sample, rows, TreesOfResample, Seed + (ulong)i + 1)).ToList();
        var density = PedanovaDivergence.Shares(sample, all);
        var densities = Resamples(sample.Count, DensityResamples, DensityStream)
            .Select(rows => PedanovaDivergence.Shares(sample, rows)).ToList();
        return
        [
            .. space.Parameters.Select((p, i) => new ParameterImportance(
                p.Name, Estimate(density[i], densities.Select(d => d[i])), Estimate(forest[i], forests.Select(f => f[i]))))
                .OrderByDescending(p => p.PedAnova.Value).ThenByDescending(p => p.Fanova.Value),
        ];
    }

    private static IEnumerable<int[]> Resamples(int count, int times, ulong stream) => Enumerable.Range(0, times).Select(
        time => Enumerable.Range(0, count)
            .Select(i => (int)(CounterRandom.Uniform(Seed + (ulong)time, stream, (ulong)i) * count)).ToArray());

    private static ImportanceEstimate Estimate(double value, IEnumerable<double> resampled)
    {
        var sorted = resampled.Order().ToList();
        var (low, high) = (sorted[(int)(0.05 * sorted.Count)], sorted[(int)(0.95 * sorted.Count)]);
        return new(value, Math.Min(low, value), Math.Max(high, value));
    }
}
