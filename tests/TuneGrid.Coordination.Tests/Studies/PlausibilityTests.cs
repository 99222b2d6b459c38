using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Observations;
using TuneGrid.Simulation;

namespace TuneGrid.Coordination.Tests.Studies;

/// <summary>Reports under the right fence and token that can't be true all the same; the budget is 270 s, the first rung 30.</summary>
public sealed class PlausibilityTests
{
    private readonly Grid _grid = new(TestSpace.Json(3));

    [Theory]
    [InlineData(0.0001, 30)]
    [InlineData(0, 30)]
    [InlineData(-1, 30)]
    [InlineData(1.5, 1000)]
    [InlineData(1.5, 29.9)]
    [InlineData(1.5, double.NaN)]
    [InlineData(1.5, double.PositiveInfinity)]
    public void What_no_segment_reaches_is_not_recorded_and_the_trial_goes_on_from_where_it_was(double score, double amount)
    {
        var run = _grid.Take("a");
        var report = Assert.IsType<ReportDecision.Record>(_grid.Report(run, Reached(score, amount)));
        Assert.NotNull(report.Objection);
        Assert.DoesNotContain(report.Events, e => e is RungReached);
        Assert.Equal(new LeaseChange.Release(run.Trial), Assert.Single(report.Leases));
        Assert.Equal(new TrialPhase.Ready(0), _grid.State.Trial(run.Trial).Phase);
        Assert.Null(_grid.State.Trial(run.Trial).LastCheckpoint);
    }

    [Theory]
    [InlineData(0.3, 30)]
    [InlineData(1.5, 30.2)]
    [InlineData(1.5, 95)]
    [InlineData(40, 30)]
    public void What_a_slow_machine_or_a_bad_model_reaches_counts(double score, double amount)
    {
        var report = Assert.IsType<ReportDecision.Record>(_grid.Report(_grid.Take("a"), Reached(score, amount)));
        Assert.Null(report.Objection);
        Assert.Single(report.Events.OfType<RungReached>());
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1000)]
    [InlineData(double.NaN)]
    public void No_segment_is_stopped_where_it_never_was(double amount)
    {
        var report = _grid.Report(_grid.Take("a"), new SegmentOutcome.Stopped(amount, _grid.Artifact()));
        Assert.NotNull(Assert.IsType<ReportDecision.Record>(report).Objection);
    }

    [Fact]
    public void A_segment_that_was_stopped_at_its_score_may_end_where_it_began()
    {
        _grid.Report(_grid.Take("a"), new SegmentOutcome.Stopped(31, _grid.Artifact()));
        Assert.Null(Assert.IsType<ReportDecision.Record>(_grid.Report(_grid.Take("a"), Reached(1, 31))).Objection);
    }

    [Fact]
    public void What_speaks_of_an_artifact_that_is_not_there_is_not_recorded()
    {
        var run = _grid.Take("a");
        var report = Assert.IsType<ReportDecision.Record>(Coordinator.Report(
            _grid.State, run.Trial, run.Fence, _grid.TokenOf(run), Reached(1, 30), default, missing: new("ab")));
        Assert.Contains("ab is not in the artifact store", report.Objection);
    }

    [Theory]
    [InlineData(double.NaN, 1)]
    [InlineData(0, 1)]
    [InlineData(2, 1000)]
    public void A_curve_has_a_bounded_number_of_points_and_scores_that_are_numbers(double score, int points)
    {
        var outcome = new SegmentOutcome.Stopped(5, _grid.Artifact())
        {
            Curve = [.. Enumerable.Range(1, points).Select(i => new CurvePoint(i, score))],
        };
        Assert.Contains("curve", Assert.IsType<ReportDecision.Record>(_grid.Report(_grid.Take("a"), outcome)).Objection);
    }

    [Fact]
    public void What_was_evaluated_before_a_pause_and_before_a_failure_stands_in_the_history()
    {
        _grid.Report(_grid.Take("a"), new SegmentOutcome.Stopped(5, _grid.Artifact()) { Curve = [new(2, 3), new(4, 2.5)] });
        var run = _grid.Take("a");
        _grid.Report(run, new SegmentOutcome.Failed(FailureKind.Diverged, "it diverged") { Curve = [new(8, 2)] });
        var trial = Assert.Single(_grid.State.ClassOf(_grid.State.Trial(run.Trial).Class).History.Trials);
        Assert.Equal([new(2, 3), new(4, 2.5), new(8, 2)], trial.Curve);
        Assert.Equal([new CurvePoint(2, 3), new CurvePoint(4, 2.5)], _grid.State.Trial(run.Trial).Segments[0].Curve!);
        Assert.Empty(trial.Rungs);
    }

    private SegmentOutcome.Reached Reached(double score, double amount) =>
        new(new(score, 2, amount, amount, 1, 1, 1, 1, score, _grid.Artifact(), null));
}
