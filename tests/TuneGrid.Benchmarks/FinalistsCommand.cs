using TuneGrid.Search.Space;
using TuneGrid.Simulation;

namespace TuneGrid.Benchmarks;

/// <summary>
/// How often the true best of those that saw the whole budget is named: by the best score of a single run, and by the mean of finalists
/// that run again. 81 configurations, successive halving to nine.
/// </summary>
internal static class FinalistsCommand
{
    public static int Run(string[] args)
    {
        var studies = StoreBenchmark.Number(args, "--studies", 1000);
        Console.WriteLine("noise  finalists  single run  best mean  or a tie  interval  loss single  loss mean");
        foreach (var noise in new[] { 0.1, 0.25, 0.5, 1 })
        {
            foreach (var spec in new FinalistSpec[] { new(2, 2), new(3, 2), new(3, 4), new(9, 4) })
            {
                var ended = Enumerable.Range(0, studies).Select(seed => NoisyFinals.Play(seed, noise, spec)).ToList();
                var (single, champion) = (Share(o => o.SingleIsRight), Share(o => o.ChampionIsRight));
                var (tie, inside) = (Share(o => o.IsCalledTie), Share(o => o.IsInInterval));
                Console.WriteLine(FormattableString.Invariant(
                    $"{noise,5:0.00}  {spec.Count} x {spec.Repeats,-5}  {single,10:0.0 %}  {champion,9:0.0 %}  {tie,8:0.0 %}")
                    + FormattableString.Invariant($"  {inside,8:0.0 %}")
                    + FormattableString.Invariant($"  {ended.Average(o => o.SingleLoss),11:0.0000}")
                    + FormattableString.Invariant($"  {ended.Average(o => o.ChampionLoss),9:0.0000}"));

                double Share(Func<FinalsOutcome, bool> isRight) => ended.Count(isRight) / (double)studies;
            }
        }
        return 0;
    }
}
