using System.Text;
using TuneGrid.Coordination.Json;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Coordination.Work;
using TuneGrid.Search.Observations;
using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;
using TuneGrid.Simulation;

namespace TuneGrid.Coordination.Tests.Studies;

public sealed class FinalistsTests
{
    [Fact]
    public void The_best_run_again_for_the_whole_budget_once_nothing_else_is_to_be_done_and_then_the_study_ends()
    {
        var grid = Searched(new(2, 2), 1.0, 1.1, 1.2);
        var (first, second) = (grid.Take("a"), grid.Take("b"));
        var proposed = first.Events.OfType<TrialProposed>().Single();
        Assert.Equal("t0 repeat 1", $"{proposed.RepeatOf} {proposed.Why!.By} {proposed.Bracket}");
        Assert.Equal(0, first.Events.OfType<SegmentLeased>().Single().FromAmount);
        Assert.Equal(270, first.Events.OfType<SegmentLeased>().Single().ToAmount);
        Assert.Equal(1, grid.State.Trial(second.Trial).RepeatOf!.Value.Number);
        Assert.Equal(grid.State.Trials[1].Configuration, grid.State.Trial(second.Trial).Configuration);
        grid.Reach(first, 1);
        grid.Reach(second, 1);
        Assert.Equal([0, 1], Enumerable.Range(0, 2).Select(_ => Again(grid, 1).Number));
        Assert.IsType<StudyCompleted>(Assert.Single(grid.Decide("a").Events));
        Assert.Equal((3, 7), (grid.State.Summary.Trials, grid.State.Trials.Count));
        Assert.Equal(7, grid.State.Trials.Select(t => t.NumberInClass).Distinct().Count());
    }

    [Fact]
    public void The_champion_is_the_best_mean_and_the_run_nearest_to_it_is_kept()
    {
        var grid = Searched(new(2, 2), 1.0, 1.1, 1.5);
        // t0 was lucky: its repeats show 1.3; those of t1 what it had shown itself.
        foreach (var score in new[] { 1.3, 1.12, 1.3, 1.08 })
            Again(grid, score);
        var champion = grid.State.Champions[Grid.Class];
        Assert.Equal("t1, 2 repeats, a tie with t0", Words(champion));
        Assert.Equal(1.1, champion.Mean!.Value, 12);
        Assert.Null(champion.Kept);
        Assert.Equal(1.1, champion.Result.BitsPerByte);
        // Pooled: 0.06 + 0.0008 over four degrees of freedom, so 0.1233; t(0.95, 4) / sqrt(3) of it on either side.
        Assert.Equal(2.132 * 0.123288 / Math.Sqrt(3), champion.Mean.Value - champion.Interval!.Value.Lower, 5);
        Assert.Equal(champion.Mean.Value * 2, champion.Interval.Value.Lower + champion.Interval.Value.Upper, 12);
    }

    [Fact]
    public void A_repeat_that_is_nearer_to_the_mean_is_kept_in_the_place_of_the_trial_itself()
    {
        var grid = Searched(new(1, 2), 1.0, 2.0);
        Again(grid, 1.3);
        var kept = Again(grid, 1.2, second: true);
        Assert.Equal("t0, 2 repeats, a tie with ", Words(Champion(grid)));
        Assert.Equal(3.5 / 3, Champion(grid).Mean!.Value, 12);
        Assert.Equal(kept, Champion(grid).ModelTrial);
        Assert.Equal(1.2, Champion(grid).Result.BitsPerByte);
    }

    [Fact]
    public void A_single_run_may_be_a_tie_and_a_clear_difference_is_none()
    {
        var grid = Searched(new(2, 2), 1.0, 1.02, 1.021, 1.9);
        foreach (var score in new[] { 1.0, 1.03, 1.02, 1.0 })
            Again(grid, score);
        Assert.Equal("t0, 2 repeats, a tie with t1 t2", Words(Champion(grid)));
    }

    [Fact]
    public void A_control_runs_again_beside_the_best_however_bad_its_own_seed_was()
    {
        var start = new StartPoint(Configuration.Empty.With("number", ParameterValue.Of(7L)), false);
        var space = TestSpace.Json(4, 1, SchedulerType.Random, finalists: new(1, 1));
        var grid = new Grid(space, plan: p => p with { Space = p.Space with { StartPoints = [start], Control = true } });
        foreach (var score in new[] { 1.9, 1.0, 1.1, 1.2 })
            grid.Reach(grid.Take("a"), score);
        Assert.Equal([1, 0], Enumerable.Range(0, 2).Select(_ => Again(grid, 1.05).Number));
        Assert.IsType<StudyCompleted>(Assert.Single(grid.Decide("a").Events));
        Assert.Equal("t1, 1 repeats, a tie with ", Words(Champion(grid))[..26]);
    }

    [Fact]
    public void A_repeat_that_fails_is_not_tried_again_and_who_never_ran_again_loses_to_a_mean()
    {
        var grid = Searched(new(2, 1), 1.0, 1.1);
        grid.Report(grid.Take("a"), new SegmentOutcome.Failed(FailureKind.Diverged, "the loss exploded"));
        Again(grid, 1.2);
        Assert.IsType<StudyCompleted>(Assert.Single(grid.Decide("a").Events));
        Assert.StartsWith("t1, 1 repeats", Words(Champion(grid)), StringComparison.Ordinal);
    }

    [Fact]
    public void If_every_repeat_fails_the_best_single_run_stays_champion()
    {
        var grid = Searched(new(1, 2), 1.0, 1.1);
        for (var i = 0; i < 2; i++)
            grid.Report(grid.Take("a"), new SegmentOutcome.Failed(FailureKind.Diverged, "the loss exploded"));
        Assert.IsType<StudyCompleted>(Assert.Single(grid.Decide("a").Events));
        Assert.Equal("t0, 0 repeats, a tie with ", Words(Champion(grid)));
        Assert.Null(Champion(grid).Mean);
        Assert.Null(Champion(grid).Interval);
    }

    [Fact]
    public void A_sampler_sees_whose_repeat_a_trial_is_and_the_scheduler_nothing_of_it()
    {
        var grid = Searched(new(1, 1), 1.0, 1.1);
        Again(grid, 1.2);
        var seen = grid.State.Classes.Single().History.Trials[^1];
        Assert.Equal(0, seen.RepeatOf);
        Assert.Equal(ObservationStatus.Completed, seen.Status);
        Assert.Equal(2, grid.State.Classes.Single().Brackets.Sum(b => b.Trials));
    }

    [Fact]
    public void A_silo_lost_under_a_repeat_leaves_it_to_the_next()
    {
        var grid = Searched(new(1, 1), 1.0, 1.1);
        var lost = grid.Take("a");
        Assert.IsType<WorkDecision.Wait>(grid.Decide("b"));
        grid.Expire(lost);
        Assert.Equal(lost.Trial, grid.Take("b").Trial);
    }

    [Fact]
    public void Models_that_may_still_be_kept_stay_until_the_study_has_ended()
    {
        var grid = Searched(new(2, 1), Retention.Champion, 1.0, 1.1, 1.2);
        Assert.Equal([true, true, false], Kept(grid).Take(3));
        Again(grid, 1.5);
        Again(grid, 1.1);
        Assert.Equal([true, true, false, true, true], Kept(grid));
        grid.Append(grid.Decide("a").Events);
        Assert.Equal([false, true, false, false, false], Kept(grid));
    }

    [Fact]
    public void A_header_keeps_what_the_champion_was_chosen_by()
    {
        var grid = Searched(new(1, 2), 1.0, 1.1);
        Assert.DoesNotContain("repeats", Encoding.UTF8.GetString(EventJson.WriteSummary(grid.State.Summary)), StringComparison.Ordinal);
        Again(grid, 1.3);
        Again(grid, 1.2);
        var read = EventJson.ReadSummary(EventJson.WriteSummary(grid.State.Summary))!;
        Assert.Equal(Champion(grid), Assert.Single(read.Champions));
    }

    [Fact]
    public void A_repeat_of_what_has_not_completed_is_a_damaged_ledger()
    {
        var grid = new Grid(TestSpace.Json(3, 1));
        var run = grid.Take("a");
        Assert.Throws<LedgerCorruptException>(() => grid.Append(
            [new TrialProposed(default, new(1), Grid.Class, 1, grid.State.Trial(run.Trial).Configuration, null, null, run.Trial)]));
    }

    private static Champion Champion(Grid grid) => grid.State.Champions[Grid.Class];

    private static string Words(Champion champion) =>
        $"{champion.Trial}, {champion.Repeats} repeats, a tie with {string.Join(' ', champion.Ties ?? [])}";

    private static IEnumerable<bool> Kept(Grid grid) => grid.State.Trials.Select(t => ArtifactPruner.Needed(grid.State, t).Any());

    /// <summary>Returns a study in which every trial had the whole budget, with these scores.</summary>
    private static Grid Searched(FinalistSpec finalists, params double[] scores) => Searched(finalists, Retention.Finalists, scores);

    private static Grid Searched(FinalistSpec finalists, Retention keep, params double[] scores)
    {
        var grid = new Grid(TestSpace.Json(scores.Length, 1, SchedulerType.Random, keep, finalists));
        foreach (var score in scores)
            grid.Reach(grid.Take("a"), score);
        return grid;
    }

    /// <summary>Lets the next repeat have this score, and returns whose it is, or its own number.</summary>
    private static TrialId Again(Grid grid, double score, bool second = false)
    {
        var run = grid.Take("a");
        grid.Reach(run, score);
        return second ? run.Trial : grid.State.Trial(run.Trial).RepeatOf!.Value;
    }
}
