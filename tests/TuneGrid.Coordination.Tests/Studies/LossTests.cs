using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Simulation;

namespace TuneGrid.Coordination.Tests.Studies;

/// <summary>What a lost or sick silo counts against: the host and the trial together, and often neither.</summary>
public sealed class LossTests
{
    [Fact]
    public void A_trial_that_silenced_silos_of_two_hosts_is_not_tried_on_a_third()
    {
        var grid = new Grid(TestSpace.Json(1));
        grid.Expire(grid.Take("laptop-1-aaaa"));
        Assert.False(grid.State.Trials[0].IsOver);
        grid.Expire(grid.Take("desk-7-bbbb"));
        var failed = Assert.IsType<TrialPhase.Failed>(grid.State.Trials[0].Phase);
        Assert.Equal(FailureKind.Crashed, failed.Kind);
        Assert.Contains("2 hosts", failed.Reason, StringComparison.Ordinal);
        Assert.Contains("laptop, desk", failed.Reason, StringComparison.Ordinal);
        Assert.Contains("rung 1", failed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_trial_that_loses_one_host_again_and_again_is_never_given_up()
    {
        var grid = new Grid(TestSpace.Json(1));
        for (var process = 0; process < 20; process++)
            grid.Expire(grid.Take($"laptop-{process}-aaaa"));
        Assert.False(grid.State.Trials[0].IsOver);
        Assert.Equal(20, grid.State.Trials[0].Losses["laptop"]);
    }

    [Fact]
    public void Progress_between_two_silences_clears_the_trial()
    {
        var grid = new Grid(TestSpace.Json(1));
        grid.Expire(grid.Take("a"));
        grid.Report(grid.Take("b"), new SegmentOutcome.Stopped(5, grid.Artifact()));
        Assert.Empty(grid.State.Trials[0].Losses);
        grid.Expire(grid.Take("c"));
        Assert.False(grid.State.Trials[0].IsOver);
    }

    [Fact]
    public void What_a_machine_could_not_run_waits_for_another_and_counts_against_nothing()
    {
        var grid = new Grid(TestSpace.Json(2));
        foreach (var host in new[] { "a", "b", "c", "d" })
        {
            var run = grid.Take(host);
            Assert.Equal(0, run.Trial.Number);
            Assert.IsType<ReportDecision.Record>(grid.Report(run, Full));
            Assert.IsType<ReportDecision.AlreadyRecorded>(grid.Report(run, Full));
            Assert.IsType<TrialPhase.Ready>(grid.State.Trials[0].Phase);
        }
        // Who could not run it does all else first.
        Assert.Equal(1, grid.Take("a").Trial.Number);
        Assert.Equal(0, grid.Take("e").Trial.Number);
    }

    [Fact]
    public void On_the_only_host_it_is_tried_again_once_nothing_else_is_left()
    {
        var grid = new Grid(TestSpace.Json(2, rungs: 1));
        grid.Report(grid.Take("a"), Full);
        grid.Reach(grid.Take("a"), 1);
        var again = grid.Take("a");
        Assert.Equal(0, again.Trial.Number);
        grid.Reach(again, 0.5);
        Assert.Equal(0, grid.State.Champions[Grid.Class].Trial.Number);
    }

    [Fact]
    public void A_trial_that_breaks_the_trainers_of_two_hosts_fails_with_what_they_said()
    {
        var grid = new Grid(TestSpace.Json(1));
        grid.Report(grid.Take("a-1-x"), Broken);
        grid.Report(grid.Take("a-2-y"), Broken);
        Assert.False(grid.State.Trials[0].IsOver);
        grid.Report(grid.Take("b-1-z"), Broken);
        var failed = Assert.IsType<TrialPhase.Failed>(grid.State.Trials[0].Phase);
        Assert.Equal(FailureKind.Error, failed.Kind);
        Assert.Contains("a and b could not run it: IndexOutOfRange", failed.Reason, StringComparison.Ordinal);
    }

    private static SegmentOutcome.Released Full => new(ReleaseCause.Machine, "no space left on device");

    private static SegmentOutcome.Released Broken => new(ReleaseCause.Unknown, "IndexOutOfRange");
}
