using TuneGrid.Search.Observations;
using TuneGrid.Search.Sampling;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Tests.Sampling;

public class RankedHistoryTests
{
    [Fact]
    public void The_deepest_rung_with_enough_scores_ranks()
    {
        var history = new SearchHistory();
        for (var trial = 0; trial < 9; trial++)
        {
            history.Proposed(trial, Configuration.Empty);
            history.Reached(trial, 3, 10 - trial, isLast: false);
        }
        foreach (var (trial, score) in new[] { (8, 2.0), (7, 1.0), (6, 3.0) })
        {
            history.Resumed(trial);
            history.Reached(trial, 9, score, isLast: false);
        }
        history.Resumed(6);
        history.Reached(6, 27, 0.1, isLast: true);

        Assert.Equal([7, 8, 6, 5, 4, 3, 2, 1, 0], RankedHistory.Of(history, 3).Scored);
        Assert.Equal([8, 7, 6, 5, 4, 3, 2, 1, 0], RankedHistory.Of(history, 4).Scored);
        var ranked = RankedHistory.Of(history, 3);
        Assert.Equal((9.0, 1, 3), (ranked.Amount, ranked.Level, ranked.There));
        Assert.Equal(3.0, RankedHistory.Of(history, 100).Amount);
    }

    [Fact]
    public void Running_trials_and_telling_failures_count_as_bad_and_others_not_at_all()
    {
        var history = new SearchHistory();
        for (var trial = 0; trial < 6; trial++)
            history.Proposed(trial, Configuration.Empty, repeatOf: trial == 5 ? 0 : null);
        history.Reached(0, 3, 1, isLast: false);
        history.Failed(1, FailureCause.Diverged);
        history.Failed(2, FailureCause.Infeasible);
        history.Failed(3, FailureCause.Unrelated);
        history.Reached(5, 3, 0, isLast: false);
        var ranked = RankedHistory.Of(history, 1);
        Assert.Equal([0], ranked.Scored);
        Assert.Equal([1, 2, 4], ranked.Bad);
    }

    [Fact]
    public void Of_a_long_history_the_end_is_looked_at()
    {
        var history = new SearchHistory();
        for (var trial = 0; trial < RankedHistory.MostTrials + 7; trial++)
        {
            history.Proposed(trial, Configuration.Empty);
            history.Reached(trial, 3, trial, isLast: false);
        }
        var ranked = RankedHistory.Of(history, 3);
        Assert.Equal((RankedHistory.MostTrials, 7), (ranked.Scored.Count, ranked.Scored[0]));
    }
}
