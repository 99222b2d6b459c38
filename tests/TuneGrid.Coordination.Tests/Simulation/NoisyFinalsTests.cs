using TuneGrid.Simulation;

namespace TuneGrid.Coordination.Tests.Simulation;

public sealed class NoisyFinalsTests
{
    private const int Studies = 400;

    /// <summary>More figures: <c>TuneGrid.Benchmarks finalists</c>.</summary>
    [Fact]
    public void Finalists_name_the_true_best_more_often_than_the_best_single_score_does()
    {
        var ended = Enumerable.Range(0, Studies).Select(seed => NoisyFinals.Play(seed, 0.5, new(3, 4))).ToList();
        var (single, champion) = (ended.Count(o => o.SingleIsRight), ended.Count(o => o.ChampionIsRight));
        Assert.InRange(champion - single, Studies / 20, Studies);
        Assert.InRange(ended.Average(o => o.ChampionLoss), 0, 0.9 * ended.Average(o => o.SingleLoss));
    }

    [Fact]
    public void What_is_no_tie_is_seldom_the_best()
    {
        var ended = Enumerable.Range(0, Studies).Select(seed => NoisyFinals.Play(seed, 0.25, new(2, 2))).ToList();
        Assert.InRange(ended.Count(o => o.IsCalledTie), Studies * 0.9, Studies);
    }
}
