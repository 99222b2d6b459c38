using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Simulation;

namespace TuneGrid.Coordination.Tests.Studies;

/// <summary>A fence can be guessed, since it only counts up; the token beside it can't.</summary>
public sealed class LeaseTokenTests
{
    private static readonly LeaseToken Guess = new("guess");
    private readonly Grid _grid = new(TestSpace.Json(3));

    [Fact]
    public void A_report_under_the_right_fence_and_a_guessed_token_is_refused()
    {
        var run = _grid.Take("a");
        Assert.IsType<ReportDecision.Refused>(
            Coordinator.Report(_grid.State, run.Trial, run.Fence, Guess, new SegmentOutcome.Stopped(5, _grid.Artifact()), default));
        Assert.IsType<ReportDecision.Refused>(Coordinator.Report(
            _grid.State, run.Trial, run.Fence, default, new SegmentOutcome.Failed(FailureKind.Error, "made up"), default));
        Assert.IsType<ReportDecision.Refused>(
            Coordinator.ReportDamage(_grid.State, run.Trial, run.Fence, Guess, _grid.Artifact(), "made up", default));
        Assert.IsType<ReportDecision.Record>(_grid.Reach(run, 1));
    }

    [Fact]
    public void Nobody_hears_from_a_guess_that_a_report_is_known()
    {
        var run = _grid.Take("a");
        var outcome = new SegmentOutcome.Stopped(5, _grid.Artifact());
        _grid.Report(run, outcome);
        Assert.IsType<ReportDecision.AlreadyRecorded>(
            Coordinator.Report(_grid.State, run.Trial, run.Fence, Grid.Token("a"), outcome, default));
        Assert.IsType<ReportDecision.Refused>(Coordinator.Report(_grid.State, run.Trial, run.Fence, Guess, outcome, default));
    }

    [Fact]
    public void A_lease_is_taken_up_again_by_the_silo_that_drew_its_token_alone()
    {
        var run = _grid.Take("a");
        var offer = new WorkOffer(new("a"), Grid.Class, default, TimeSpan.FromSeconds(30), [], _grid.Living, Guess);
        Assert.IsType<WorkDecision.Wait>(Coordinator.Decide(_grid.State, offer));
        Assert.Equal(run.Fence, Assert.IsType<WorkDecision.Run>(_grid.Decide("a")).Fence);
    }

    [Fact]
    public void No_report_is_taken_under_a_lease_of_a_release_without_tokens()
    {
        var run = Assert.IsType<WorkDecision.Run>(_grid.Decide("a"));
        _grid.Append(run.Events.Select(e => e is SegmentLeased leased ? leased with { Token = null } : e));
        Assert.False(_grid.State.IsHeldUnder(run.Trial, run.Fence, default));
        Assert.IsType<ReportDecision.Refused>(
            Coordinator.Report(_grid.State, run.Trial, run.Fence, default, new SegmentOutcome.Stopped(0, null), default));
    }

    [Fact]
    public void A_token_shows_nowhere()
    {
        var run = _grid.Take("a");
        var leased = run.Events.OfType<SegmentLeased>().Single();
        Assert.DoesNotContain(Grid.Token("a").Secret, $"{leased} {_grid.State.Trial(run.Trial).Segments[^1]}");
        Assert.Contains("(secret)", leased.ToString());
    }
}
