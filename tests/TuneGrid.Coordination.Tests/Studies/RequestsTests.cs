using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;
using TuneGrid.Simulation;

namespace TuneGrid.Coordination.Tests.Studies;

/// <summary>Start points, and what people add to a study: a configuration, more trials, another try.</summary>
public sealed class RequestsTests
{
    private static readonly HardwareClass Other = new("class-b");

    [Fact]
    public void Each_class_tries_the_start_points_first_and_says_so()
    {
        var grid = WithStart(control: false);
        var (first, second, third, abroad) = (grid.Take("a"), grid.Take("b"), grid.Take("c"), grid.Take("d", Other));
        Assert.Equal(new("start", "the trainer's defaults"), grid.State.Trial(first.Trial).Why);
        Assert.Equal(new("start", "start point 2"), grid.State.Trial(second.Trial).Why);
        Assert.Equal(Value(101), grid.State.Trial(second.Trial).Configuration);
        Assert.Equal("random", grid.State.Trial(third.Trial).Why!.By);
        Assert.Equal(Value(100), grid.State.Trial(abroad.Trial).Configuration);
    }

    [Fact]
    public void A_control_is_trained_for_the_whole_budget_whatever_its_scores()
    {
        var grid = WithStart(control: true);
        var (control, other) = (grid.Take("a"), grid.Take("b"));
        grid.Reach(other, 1);
        for (var rung = 0; rung < 3; rung++)
        {
            grid.Reach(control, 50);
            if (rung < 2)
                control = grid.Take("a");
        }
        Assert.IsType<TrialPhase.Completed>(grid.State.Trial(control.Trial).Phase);
        Assert.All(grid.Ledger.Select(e => e.Event).OfType<TrialPromoted>(), p => Assert.True(p.Why.Control));
        Assert.Equal(9, ToTheEnd(grid).Trials.Count);
        Assert.Equal(new TrialId(8), grid.State.Champions[Grid.Class].Trial);
    }

    [Fact]
    public void What_a_person_adds_comes_next_in_each_class_and_beyond_the_number()
    {
        var grid = new Grid(TestSpace.Json(4));
        grid.Take("a");
        grid.Append(Requests.Enqueue(grid.State, Value(77), default).Events);
        var (added, abroad) = (grid.Take("b"), grid.Take("c", Other));
        Assert.Equal(Value(77), grid.State.Trial(added.Trial).Configuration);
        Assert.Equal("enqueued", grid.State.Trial(added.Trial).Why!.By);
        Assert.Equal(Value(77), grid.State.Trial(abroad.Trial).Configuration);
        Assert.Equal("random", grid.State.Trial(grid.Take("d").Trial).Why!.By);
        grid = new Grid(TestSpace.Json(4));
        grid.Append(Requests.Enqueue(grid.State, Value(77), default).Events);
        Assert.Equal(5, ToTheEnd(grid).Trials.Count);
        Assert.Empty(Requests.Enqueue(grid.State, Value(78), default).Events);
    }

    [Fact]
    public void A_class_that_had_finished_still_tries_what_is_added()
    {
        var grid = new Grid(TestSpace.Json(1, 1));
        grid.Living[Other] = long.MaxValue;
        var abroad = grid.Take("b", Other);
        grid.Reach(grid.Take("a"), 1);
        Assert.IsType<WorkDecision.Finished>(grid.Decide("a"));
        grid.Append(Requests.Enqueue(grid.State, Value(77), default).Events);
        Assert.Equal(Value(77), grid.State.Trial(grid.Take("a").Trial).Configuration);
        grid.Reach(abroad, 1);
    }

    [Fact]
    public void A_completed_study_is_extended_and_goes_on_counting()
    {
        var grid = new Grid(TestSpace.Json(3));
        ToTheEnd(grid);
        Assert.Empty(Requests.Extend(grid.State, 3, default).Events);
        grid.Append(Requests.Extend(grid.State, 9, default).Events);
        Assert.Equal((StudyStatus.Running, 9), (grid.State.Summary.Status, grid.State.Space.Trials));
        // What waited at a rung when the study ended has no checkpoint any more.
        Assert.All(grid.State.Trials, t => Assert.True(t.IsOver || t.LastCheckpoint is null));
        var next = grid.Take("a");
        Assert.Equal(3L, grid.State.Trial(next.Trial).Configuration["number"].Number);
        grid.Reach(next, 1);
        Assert.Equal(9, ToTheEnd(grid).Trials.Count);
        Assert.Equal(9, grid.State.Trials.Count(t => t.Class == Grid.Class));
        Assert.True(grid.State.Trials.Count(t => t.Phase is TrialPhase.Completed) >= 1);
    }

    [Fact]
    public void Classes_that_come_after_an_extension_have_as_many_trials()
    {
        var grid = new Grid(TestSpace.Json(3, 1));
        grid.Append(Requests.Extend(grid.State, 5, default).Events);
        Assert.Equal(5, ToTheEnd(grid).Trials.Count);
    }

    [Fact]
    public void A_failed_trial_is_tried_again_under_a_new_fence_and_keeps_its_history()
    {
        var grid = new Grid(TestSpace.Json(3));
        var run = grid.Take("a");
        grid.Report(run, new SegmentOutcome.Failed(FailureKind.Error, "it broke"));
        Assert.Empty(Requests.Retry(grid.State, new(9), default).Events);
        grid.Append(Requests.Retry(grid.State, run.Trial, default).Events);
        Assert.Equal(0, grid.State.Failed);
        var again = grid.Take("a");
        Assert.Equal((run.Trial, true), (again.Trial, again.Fence.Value > run.Fence.Value));
        Assert.Equal([SegmentEnd.Failed, SegmentEnd.Running], grid.State.Trial(run.Trial).Segments.Select(s => s.End));
        Assert.IsType<ReportDecision.AlreadyRecorded>(grid.Reach(run, 1));
        Assert.Empty(Requests.Retry(grid.State, run.Trial, default).Events);
    }

    [Fact]
    public void A_trial_that_was_cancelled_at_a_rung_waits_there_again()
    {
        var grid = new Grid(TestSpace.Json(3));
        for (var i = 0; i < 3; i++)
            grid.Reach(grid.Take("a"), i + 1);
        var best = new TrialId(0);
        grid.Append(Coordinator.CancelTrial(grid.State, best, "a slip", default).Events);
        grid.Append(Requests.Retry(grid.State, best, default).Events);
        Assert.IsType<TrialPhase.AtRung>(grid.State.Trial(best).Phase);
        Assert.Equal(best, grid.Take("a").Trial);
    }

    [Fact]
    public void A_completed_study_is_running_again_with_a_retried_trial()
    {
        var grid = new Grid(TestSpace.Json(2, 1));
        var run = grid.Take("a");
        grid.Report(run, new SegmentOutcome.Failed(FailureKind.Diverged, "it is not a number"));
        ToTheEnd(grid);
        grid.Append(Requests.Retry(grid.State, run.Trial, default).Events);
        Assert.Equal(StudyStatus.Running, grid.State.Summary.Status);
        ToTheEnd(grid);
        Assert.Equal(2, grid.State.Trials.Count(t => t.Phase is TrialPhase.Completed));
    }

    [Fact]
    public void A_cancelled_study_takes_nothing_and_a_completed_one_only_what_opens_it_again()
    {
        var grid = new Grid(TestSpace.Json(2, 1));
        grid.Report(grid.Take("a"), new SegmentOutcome.Failed(FailureKind.Error, "it broke"));
        ToTheEnd(grid);
        Assert.Throws<LedgerCorruptException>(() => Replayed(grid, new TrialEnqueued(default, Value(1))));
        Assert.Throws<LedgerCorruptException>(() => Replayed(grid, new StudyExtended(default, 1)));
        Replayed(grid, new StudyExtended(default, 5));
        grid = new Grid(TestSpace.Json(2, 1));
        grid.Report(grid.Take("a"), new SegmentOutcome.Failed(FailureKind.Error, "it broke"));
        grid.Append(Coordinator.Cancel(grid.State, "enough", default).Events);
        Assert.Empty(Requests.Extend(grid.State, 9, default).Events);
        Assert.Empty(Requests.Retry(grid.State, new(0), default).Events);
        Assert.Throws<LedgerCorruptException>(() => Replayed(grid, new TrialRetried(default, new(0))));
    }

    private static void Replayed(Grid grid, StudyEvent next) =>
        StudyState.Replay(grid.State.Id, TestSpace.Plan, [.. grid.Ledger, new(grid.State.Sequence + 1, next)]);

    private static Grid WithStart(bool control) => new(TestSpace.Json(9), plan: plan => plan with
    {
        Space = plan.Space with { StartPoints = [new(Value(100), true), new(Value(101), false)], Control = control },
    });

    private static Configuration Value(long number) => Configuration.Empty.With("number", ParameterValue.Of(number));

    /// <summary>One silo does all that is left; later trials are better.</summary>
    private static StudyState ToTheEnd(Grid grid)
    {
        while (grid.Decide("z") is var decision and not WorkDecision.Finished)
        {
            grid.Append(decision.Events);
            if (decision is WorkDecision.Run run)
                grid.Reach(run, 1 - (0.1 * Math.Min(9, run.Trial.Number)));
            else
                Assert.IsType<WorkDecision.Record>(decision);
        }
        return grid.State;
    }
}
