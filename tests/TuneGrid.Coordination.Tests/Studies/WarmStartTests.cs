using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Studies;
using TuneGrid.Search.Observations;
using TuneGrid.Search.Space;
using TuneGrid.Simulation;

namespace TuneGrid.Coordination.Tests.Studies;

/// <summary>What a study takes from earlier ones stands in its own ledger.</summary>
public sealed class WarmStartTests
{
    [Fact]
    public void Every_class_knows_the_best_trials_of_all_sources_by_turns()
    {
        var grid = new Grid(TestSpace.Json(9));
        grid.Append([new StudyWarmStarted(default, new("one"), [Trial(1, 0), Trial(2, 0.5)])]);
        grid.Append([new StudyWarmStarted(default, new("two"), [Trial(3, 0)])]);
        grid.Take("a");
        grid.Take("b", new("class-b"));
        Assert.Equal(["one", "two"], grid.State.WarmStarts.Select(w => w.Source.Value));
        Assert.All(grid.State.Classes, c => Assert.Equal([Trial(1, 0), Trial(3, 0), Trial(2, 0.5)], c.History.Earlier));
    }

    [Fact]
    public void After_the_first_trial_it_is_too_late()
    {
        var grid = new Grid(TestSpace.Json(9));
        grid.Take("a");
        var late = new RecordedEvent(grid.State.Sequence + 1, new StudyWarmStarted(default, new("one"), [Trial(1, 0)]));
        Assert.Throws<LedgerCorruptException>(() => StudyState.Replay(grid.State.Id, TestSpace.Plan, [.. grid.Ledger, late]));
    }

    [Fact]
    public void A_study_gives_the_best_third_of_its_trials_with_what_the_other_searches_too()
    {
        var grid = new Grid(TestSpace.Json(9));
        var space = grid.State.Space with { Parameters = [new IntParameter("number", 0, 100, 1, false, null)] };
        Assert.Null(EarlierStudy.Of(grid.State, space));
        // All ask before any has a score: else some would be promotions.
        var runs = Enumerable.Range(0, 5).Select(i => grid.Take($"silo-{i}")).ToList();
        foreach (var (i, run) in runs.Index())
            grid.Reach(run, i == 4 ? 0.5 : i + 1);
        var earlier = EarlierStudy.Of(grid.State, space)!;
        Assert.Equal(grid.State.Id, earlier.Study);
        Assert.Equal(new EarlierTrial(Configuration.Empty.With("number", ParameterValue.Of(4L)), 0), earlier.Trials[0]);
        Assert.Null(EarlierStudy.Of(grid.State, space with { Parameters = [new BoolParameter("tied", null)] }));
    }

    private static EarlierTrial Trial(long number, double rank) =>
        new(Configuration.Empty.With("number", ParameterValue.Of(number)), rank);
}
