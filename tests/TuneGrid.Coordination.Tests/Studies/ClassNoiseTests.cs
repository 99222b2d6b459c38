using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Coordination.Work;
using TuneGrid.Search.Analysis;
using TuneGrid.Search.Observations;
using TuneGrid.Search.Space;
using TuneGrid.Simulation;
using TuneGrid.Simulation.Stores;

namespace TuneGrid.Coordination.Tests.Studies;

public sealed class ClassNoiseTests
{
    private static readonly ClassNoise Known =
        new(BudgetKind.Seconds, [new(90, 0.02, 4, 0.2), new(270, 0.01, 6, 0.1)]) { Source = "test-bbbb" };

    [Fact]
    public void What_earlier_studies_know_stands_in_the_ledger_before_the_first_trial_and_only_once()
    {
        var grid = Noisy();
        var recorded = Assert.IsType<ClassNoiseRecorded>(Assert.Single(Assert.IsType<WorkDecision.Record>(grid.Decide("a")).Events));
        Assert.Equal("test-bbbb", recorded.Source);
        grid.Append([recorded]);
        Assert.IsType<TrialProposed>(grid.Take("a").Events[0]);
        Assert.DoesNotContain(grid.Take("b").Events, e => e is ClassNoiseRecorded);
        Assert.Throws<LedgerCorruptException>(() => grid.Append([recorded]));
    }

    [Fact]
    public void A_promotion_says_how_probably_the_trial_is_better_than_the_best_that_stays()
    {
        var grid = Noisy();
        grid.Append(grid.Decide("a").Events);
        foreach (var score in new[] { 1.0, 1.02, 1.5 })
            grid.Reach(grid.Take("a"), score);
        var promoted = grid.Take("a").Events.OfType<TrialPromoted>().Single();
        // A difference of one deviation at 90 seconds: normal at 1 / sqrt(2).
        Assert.Equal(0.760250, promoted.Why.Probability!.Value, 5);
    }

    [Fact]
    public void Where_nobody_knows_the_noise_a_promotion_says_nothing_of_it()
    {
        var grid = new Grid(TestSpace.Json(3, 2));
        foreach (var score in new[] { 1.0, 1.02, 1.5 })
            grid.Reach(grid.Take("a"), score);
        Assert.Null(grid.Take("a").Events.OfType<TrialPromoted>().Single().Why.Probability);
    }

    [Fact]
    public void Repeats_measure_the_noise_and_the_next_study_of_the_class_finds_it_in_the_header()
    {
        var grid = new Grid(TestSpace.Json(3, 1, SchedulerType.Random, finalists: new(1, 2)));
        foreach (var score in new[] { 1.0, 1.5, 1.6, 1.1, 1.2 })
        {
            var run = grid.Take("a");
            grid.Report(run, new SegmentOutcome.Reached(grid.State.Trial(run.Trial).RepeatOf is null
                ? Result(grid, score, null)
                : Result(grid, score, [new(90, score + 0.5 + score), new(200, 2)])));
        }
        var noise = grid.State.Champions[Grid.Class].Noise!;
        var point = Assert.Single(noise.Points);
        Assert.Equal(270, point.Amount);
        Assert.Equal(0.1, point.Deviation, 12);
        Assert.Equal(2, point.Freedom);
    }

    [Fact]
    public async Task Only_studies_of_the_same_class_corpus_and_budget_are_asked()
    {
        var store = new InMemoryStudyStore(TimeProvider.System);
        foreach (var (name, corpus, hardware, unit) in new[]
        {
            ("one", "c", Grid.Class, BudgetKind.Seconds), ("two", "c", Grid.Class, BudgetKind.Seconds),
            ("other", "d", Grid.Class, BudgetKind.Seconds), ("abroad", "c", new("class-b"), BudgetKind.Seconds),
            ("steps", "c", Grid.Class, BudgetKind.Steps),
        })
        {
            var champion = new Champion(hardware, new(0), Configuration.Empty, new(1, 1, 1, 1, 1, 1, 1, 1, 1, new("aa"), null))
            {
                Noise = new(unit, [new(270, name == "one" ? 3 : 4, 1, 1)]),
            };
            var created = new StudyCreated(default, name, TestSpace.Json(1), new("text", corpus), null);
            var summary = new StudySummary(new(name), name, StudyStatus.Completed, new("text", corpus), default, default, 1, 0, [champion]);
            await store.TryAppendAsync(new(new(name), 0, [created], [], summary), default);
        }
        var found = await EarlierNoise.ReadAsync(store, Grid.Class, "c", new(BudgetKind.Seconds, 270), new("mine"), default);
        Assert.Equal("one, two", found!.Source);
        Assert.Equal(Math.Sqrt((9 + 16) / 2.0), found.Points[0].Deviation, 12);
        Assert.Null(await EarlierNoise.ReadAsync(store, Grid.Class, "c", new(BudgetKind.Seconds, 300), null, default));
    }

    private static Grid Noisy() => new(TestSpace.Json(3, 2)) { Describe = offer => offer with { Noise = Known } };

    private static SegmentResult Result(Grid grid, double score, ValueList<CurvePoint>? curve) =>
        new(score, 1, 270, 270, 1, 1, 1, 1, score, grid.Artifact(), grid.Artifact()) { Curve = curve };
}
