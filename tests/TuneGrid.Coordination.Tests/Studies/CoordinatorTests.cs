using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Observations;
using TuneGrid.Search.Sampling;
using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;
using TuneGrid.Simulation;
using TuneGrid.Testing.Contracts;

namespace TuneGrid.Coordination.Tests.Studies;

public sealed class CoordinatorTests
{
    [Fact]
    public void The_fence_is_the_lease_event_s_own_number()
    {
        var run = new Grid(TestSpace.Json(3)).Take("a");
        Assert.Equal(new Fence(3), run.Fence);
        Assert.Equal(run.Fence, Assert.IsType<LeaseChange.Grant>(Assert.Single(run.Leases)).Fence);
    }

    [Fact]
    public void A_report_under_an_old_fence_is_refused()
    {
        var grid = new Grid(TestSpace.Json(3));
        var slept = grid.Take("slept");
        grid.Expire(slept);
        var resumed = grid.Take("other");
        Assert.Equal(slept.Trial, resumed.Trial);
        Assert.IsType<ReportDecision.Refused>(grid.Reach(slept, 0.1));
        Assert.IsType<ReportDecision.Record>(grid.Reach(resumed, 1));
        Assert.Equal(1, grid.State.Trial(resumed.Trial).Rungs[0]!.BitsPerByte);
    }

    [Fact]
    public void A_silo_that_slept_alone_expires_its_own_lease_and_goes_on_under_a_new_fence()
    {
        var grid = new Grid(TestSpace.Json(1));
        var slept = grid.Take("a");
        grid.Expire(slept, askedBy: "a");
        var again = grid.Take("a");
        Assert.Equal(slept.Trial, again.Trial);
        Assert.True(again.Fence.Value > slept.Fence.Value);
    }

    [Fact]
    public void A_report_whose_answer_was_lost_is_known_again()
    {
        var grid = new Grid(TestSpace.Json(3));
        var run = grid.Take("a");
        grid.Reach(run, 1);
        Assert.IsType<ReportDecision.AlreadyRecorded>(grid.Reach(run, 1));
    }

    [Fact]
    public void A_lease_whose_answer_was_lost_is_taken_up()
    {
        var grid = new Grid(TestSpace.Json(3));
        var run = grid.Take("a");
        var again = Assert.IsType<WorkDecision.Run>(grid.Decide("a"));
        Assert.Equal((run.Trial, run.Fence), (again.Trial, again.Fence));
        Assert.Empty(again.Events);
    }

    [Fact]
    public void A_paused_trial_goes_on_before_a_new_one_starts()
    {
        var grid = new Grid(TestSpace.Json(3));
        var run = grid.Take("a");
        grid.Report(run, new SegmentOutcome.Stopped(12, grid.Artifact()));
        var resumed = grid.Take("b");
        Assert.Equal(run.Trial, resumed.Trial);
        Assert.Equal(12, resumed.Events.OfType<SegmentLeased>().Single().FromAmount);
    }

    [Fact]
    public void A_paused_trial_prefers_the_silo_that_wrote_its_checkpoint()
    {
        var grid = new Grid(TestSpace.Json(3));
        var (first, second) = (grid.Take("a"), grid.Take("b"));
        grid.Report(first, new SegmentOutcome.Stopped(1, grid.Artifact()));
        grid.Report(second, new SegmentOutcome.Stopped(1, grid.Artifact()));
        Assert.Equal(second.Trial, grid.Take("b").Trial);
    }

    [Fact]
    public void A_paused_study_gives_no_work_takes_what_comes_in_and_goes_on_where_it_stood()
    {
        var grid = new Grid(TestSpace.Json(9));
        var (stopped, finished) = (grid.Take("a"), grid.Take("b"));
        var pause = Coordinator.Pause(grid.State, "lunch", default);
        Assert.Equal([stopped.Trial, finished.Trial], pause.Leases.OfType<LeaseChange.RequestPause>().Select(l => l.Trial).Order());
        grid.Append(pause.Events);
        Assert.Equal(StudyStatus.Paused, grid.State.Summary.Status);
        Assert.Empty(Coordinator.Pause(grid.State, "again", default).Events);
        Assert.IsType<WorkDecision.Wait>(grid.Decide("c"));
        Assert.IsType<ReportDecision.Record>(grid.Report(stopped, new SegmentOutcome.Stopped(3, grid.Artifact())));
        Assert.IsType<ReportDecision.Record>(grid.Reach(finished, 1));
        Assert.IsType<WorkDecision.Wait>(grid.Decide("a"));

        grid.Append(Coordinator.Resume(grid.State, default).Events);
        Assert.Empty(Coordinator.Resume(grid.State, default).Events);
        Assert.Equal(stopped.Trial, grid.Take("a").Trial);
    }

    [Fact]
    public void A_cancelled_trial_has_failed_wherever_it_stood_and_the_others_go_on()
    {
        var grid = new Grid(TestSpace.Json(9));
        var (running, paused) = (grid.Take("a"), grid.Take("b"));
        grid.Reach(paused, 1);
        var cancel = Coordinator.CancelTrial(grid.State, running.Trial, "enough of it", default);
        Assert.Equal(running.Trial, Assert.IsType<LeaseChange.Release>(Assert.Single(cancel.Leases)).Trial);
        grid.Append(cancel.Events);
        grid.Append(Coordinator.CancelTrial(grid.State, paused.Trial, "and of that", default).Events);
        Assert.All(grid.State.Trials, t => Assert.Equal(FailureKind.Cancelled, Assert.IsType<TrialPhase.Failed>(t.Phase).Kind));
        Assert.IsType<ReportDecision.Refused>(grid.Reach(running, 0.1));
        Assert.Empty(Coordinator.CancelTrial(grid.State, paused.Trial, "again", default).Events);
        Assert.DoesNotContain(grid.Take("a").Trial, new[] { running.Trial, paused.Trial });
    }

    [Fact]
    public void A_score_that_is_no_number_ends_the_trial()
    {
        var grid = new Grid(TestSpace.Json(3));
        grid.Reach(grid.Take("a"), double.NaN);
        Assert.Equal(FailureKind.Diverged, Assert.IsType<TrialPhase.Failed>(grid.State.Trials[0].Phase).Kind);
    }

    [Fact]
    public void A_damaged_checkpoint_sends_the_trial_back_to_the_one_before()
    {
        var grid = new Grid(TestSpace.Json(1));
        var (good, torn) = (grid.Artifact(), grid.Artifact());
        grid.Report(grid.Take("a"), new SegmentOutcome.Stopped(5, good));
        grid.Report(grid.Take("a"), new SegmentOutcome.Stopped(9, torn));
        var run = grid.Take("b");
        grid.Append(Assert.IsType<ReportDecision.Record>(
            Coordinator.ReportDamage(grid.State, run.Trial, run.Fence, grid.TokenOf(run), torn, "torn", default)).Events);
        Assert.Equal(5, grid.Take("b").Events.OfType<SegmentLeased>().Single().FromAmount);
        Assert.Equal(good, grid.State.Trials[0].LastCheckpoint!.Hash);
    }

    [Fact]
    public void A_disturbed_segment_is_run_again_once_if_the_study_says_so()
    {
        var grid = new Grid(TestSpace.Json(1, 1), DisturbancePolicy.RerunOnce);
        grid.Reach(grid.Take("a"), 1, disturbed: true);
        Assert.IsType<TrialPhase.Ready>(grid.State.Trials[0].Phase);
        grid.Reach(grid.Take("a"), 2, disturbed: true);
        Assert.Equal(2, Assert.IsType<TrialPhase.Completed>(grid.State.Trials[0].Phase).Result.BitsPerByte);
    }

    [Fact]
    public void A_disturbed_segment_goes_to_another_silo_if_there_is_other_work_for_this_one()
    {
        var grid = new Grid(TestSpace.Json(2, 1), DisturbancePolicy.RerunOnce);
        grid.Reach(grid.Take("a"), 1, disturbed: true);
        Assert.Equal(new(1), grid.Take("a").Trial);
        Assert.Equal(new(0), grid.Take("b").Trial);
    }

    [Fact]
    public void A_disturbed_silo_that_is_alone_runs_its_segment_again_in_the_end()
    {
        var grid = new Grid(TestSpace.Json(2, 1), DisturbancePolicy.RerunOnce);
        grid.Reach(grid.Take("a"), 1, disturbed: true);
        grid.Reach(grid.Take("a"), 2);
        grid.Reach(grid.Take("a"), 3);
        Assert.IsType<WorkDecision.Record>(grid.Decide("a"));
        Assert.Equal(3, Assert.IsType<TrialPhase.Completed>(grid.State.Trials[0].Phase).Result.BitsPerByte);
    }

    [Fact]
    public void Each_rung_may_be_run_again_once()
    {
        var grid = new Grid(TestSpace.Json(1, 2), DisturbancePolicy.RerunOnce);
        for (var rung = 0; rung < 2; rung++)
        {
            grid.Reach(grid.Take("a"), 1, disturbed: true);
            grid.Reach(grid.Take("a"), 2, disturbed: true);
        }
        Assert.Equal(2, grid.Ledger.Count(e => e.Event is SegmentDisturbed));
        Assert.IsType<TrialPhase.Completed>(grid.State.Trials[0].Phase);
    }

    [Fact]
    public void A_study_ends_when_its_class_is_finished()
    {
        var grid = new Grid(TestSpace.Json(3, 2));
        while (grid.Decide("a") is WorkDecision.Run)
            grid.Reach(grid.Take("a"), 5 - grid.State.Sequence * 0.01);
        grid.Append(Assert.IsType<WorkDecision.Record>(grid.Decide("a")).Events);
        Assert.Equal(StudyStatus.Completed, grid.State.Status);
        Assert.Single(grid.State.Champions);
        Assert.IsType<WorkDecision.Finished>(grid.Decide("a"));
    }

    [Fact]
    public void A_living_class_keeps_the_study_open_and_a_vanished_one_does_not()
    {
        var grid = new Grid(TestSpace.Json(1, 1));
        var other = new HardwareClass("class-b");
        grid.Report(grid.Take("b", other), new SegmentOutcome.Stopped(1, grid.Artifact()));
        grid.Reach(grid.Take("a"), 1);
        grid.Living.Add(other, long.MaxValue);
        Assert.IsType<WorkDecision.Finished>(grid.Decide("a"));
        grid.Living.Remove(other);
        Assert.IsType<StudyCompleted>(Assert.Single(grid.Decide("a").Events));
    }

    [Fact]
    public void Every_class_explores_the_same_configurations_and_has_its_own_champion()
    {
        var grid = new Grid(TestSpace.Json(1, 1));
        var other = new HardwareClass("class-b");
        grid.Reach(grid.Take("a"), 1);
        grid.Reach(grid.Take("b", other), 2);
        Assert.Equal(grid.State.Trials[0].Configuration, grid.State.Trials[1].Configuration);
        Assert.Equal([1.0, 2.0], grid.State.Summary.Champions.Select(c => c.Result.BitsPerByte));
    }

    [Fact]
    public void A_cancelled_study_gives_back_every_lease()
    {
        var grid = new Grid(TestSpace.Json(3));
        var runs = new[] { grid.Take("a"), grid.Take("b") };
        var cancel = Coordinator.Cancel(grid.State, "enough", default);
        Assert.Equal(runs.Select(r => r.Trial), cancel.Leases.Select(l => l.Trial).Order());
        grid.Append(cancel.Events);
        Assert.IsType<ReportDecision.Refused>(grid.Reach(runs[0], 1));
        Assert.Empty(Coordinator.Cancel(grid.State, "again", default).Events);
    }

    [Fact]
    public void A_space_without_feasible_configurations_cancels_the_study()
    {
        var state = new StudyState(new("x"), json => TestSpace.Plan(json) with { Sampler = new NoSampler() });
        state.Apply(new(1, new StudyCreated(default, "x", TestSpace.Json(3), TestSpace.Corpus, null)));
        var decision = Coordinator.Decide(state, new(new("a"), Grid.Class, default, TimeSpan.FromSeconds(1), [], null, default));
        Assert.Equal("nothing fits", Assert.IsType<StudyCancelled>(Assert.Single(decision.Events)).Reason);
    }

    [Fact]
    public void One_unlucky_draw_ends_the_proposals_and_the_rest_finishes_the_study()
    {
        var grid = new Grid(TestSpace.Json(60, 2), plan: p => p with { Sampler = new FewSamples(3) });
        for (var trial = 0; trial < 3; trial++)
            grid.Reach(grid.Take("a"), 1 + trial);
        var promoted = grid.Take("a");
        Assert.Equal(0, promoted.Trial.Number);
        var ended = Assert.IsType<ProposalsEnded>(Assert.Single(Assert.IsType<WorkDecision.Record>(grid.Decide("b")).Events));
        Assert.Equal("nothing more fits", ended.Reason);
        grid.Append([ended]);
        Assert.Equal("nothing more fits", grid.State.Classes.Single().ProposalsEnded);
        Assert.IsType<WorkDecision.Wait>(grid.Decide("b"));
        grid.Reach(promoted, 0.5);
        Assert.IsType<StudyCompleted>(Assert.Single(grid.Decide("a").Events));
        Assert.Equal(0.5, grid.State.Champions[Grid.Class].Result.BitsPerByte);
    }

    [Fact]
    public void Proposals_that_end_early_still_leave_a_trial_that_saw_the_whole_budget()
    {
        var grid = new Grid(TestSpace.Json(60), plan: p => p with { Sampler = new FewSamples(2) });
        for (var trial = 0; trial < 2; trial++)
            grid.Reach(grid.Take("a"), 1 + trial);
        grid.Append(grid.Decide("a").Events);
        for (var rung = 1; rung < 3; rung++)
            grid.Reach(grid.Take("a"), 0.5);
        Assert.IsType<StudyCompleted>(Assert.Single(grid.Decide("a").Events));
        Assert.Equal(0, grid.State.Champions[Grid.Class].Trial.Number);
    }

    [Fact]
    public void Deciding_changes_nothing()
    {
        var grid = new Grid(TestSpace.Json(9));
        grid.Take("a");
        Assert.Equivalent(grid.Decide("b"), grid.Decide("b"), strict: true);
        Assert.Equal(3, grid.State.Sequence);
    }

    private sealed class FewSamples(int trials) : ISampler
    {
        public Proposal Propose(SearchHistory history) => history.Trials.Count < trials
            ? new(Configuration.Empty.With("number", ParameterValue.Of((long)history.Trials.Count)), new("random"))
            : throw new UnsatisfiableSpaceException("nothing more fits");
    }

    private sealed class NoSampler : ISampler
    {
        public Proposal Propose(SearchHistory history) => throw new UnsatisfiableSpaceException("nothing fits");
    }
}
