using TuneGrid.Search.Analysis;

namespace TuneGrid.Search.Tests.Analysis;

public sealed class MissedChampionTests
{
    [Fact]
    public void Where_the_early_ranking_is_the_final_one_nobody_is_missed()
    {
        var estimate = MissedChampion.Estimate(Halved(27, _ => 0));

        Assert.Equal(0, estimate.Probability);
        Assert.Equal(12, estimate.Pairs);
    }

    [Fact]
    public void The_noisier_the_early_scores_the_likelier_somebody_is_missed()
    {
        var little = MissedChampion.Estimate(Halved(27, i => 0.02 * Wave(i)));
        var much = MissedChampion.Estimate(Halved(27, i => 0.5 * Wave(i)));

        Assert.InRange(little.Probability!.Value, 0, 0.3);
        Assert.InRange(much.Probability!.Value, 0.5, 1);
    }

    [Fact]
    public void Where_everybody_saw_the_whole_budget_nobody_is_missed() =>
        Assert.Equal(0, MissedChampion.Estimate([[1.0, 0.5], [2.0, 0.6]]).Probability);

    [Fact]
    public void What_can_not_be_estimated_says_why()
    {
        Assert.Equal("no trial has spent the whole budget", MissedChampion.Estimate([[1.0, null], [2.0, null]]).WhyNot);
        Assert.Equal("no trial has spent the whole budget", MissedChampion.Estimate([]).WhyNot);
        Assert.Equal(
            "only 2 trials are known at a rung and the next; 5 are needed",
            MissedChampion.Estimate([[1.0, 0.5], [2.0, 1.5], [3.0, null]]).WhyNot);
    }

    /// <summary>A third of the trials goes on from each of three rungs; each score falls by a half, and the noise comes on top.</summary>
    private static List<IReadOnlyList<double?>> Halved(int count, Func<int, double> noise)
    {
        var rows = Enumerable.Range(0, count).Select(i => new double?[] { 2 + (i / (double)count), null, null }).ToList();
        for (var rung = 1; rung < 3; rung++)
        {
            var best = rows.Where(r => r[rung - 1] is not null).OrderBy(r => r[rung - 1]).Take(count / (rung == 1 ? 3 : 9)).ToList();
            foreach (var row in best)
                row[rung] = (row[rung - 1] / 2) + noise(rows.IndexOf(row) + (31 * rung));
        }
        return [.. rows];
    }

    private static double Wave(int i) => (i * 37 % 101 / 50.5) - 1;
}
