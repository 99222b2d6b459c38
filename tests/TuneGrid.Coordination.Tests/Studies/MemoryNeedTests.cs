using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Simulation;

namespace TuneGrid.Coordination.Tests.Studies;

/// <summary>Trial 5 of the test space needs more than a small silo may use, trial 22 more than any machine of the class has.</summary>
public sealed class MemoryNeedTests
{
    private readonly Grid _grid = new(TestSpace.Json(30, rungs: 1));

    public MemoryNeedTests() => _grid.Describe = offer => offer with
    {
        ClassMemoryBytes = TestSpace.ClassMemory,
        MemoryLimitBytes = offer.Silo.Value == "small" ? TestSpace.SmallMemory : TestSpace.ClassMemory,
    };

    [Fact]
    public void What_a_small_silo_cannot_hold_waits_for_a_larger_one_while_it_goes_on()
    {
        _grid.Living[Grid.Class] = TestSpace.ClassMemory;
        for (var trial = 0; trial < 5; trial++)
            _grid.Reach(Take("small"), 1);
        Assert.Equal(6, Take("small").Trial.Number);
        Assert.IsType<TrialPhase.Ready>(_grid.State.Trials[5].Phase);
        Assert.Equal(5, Take("large").Trial.Number);
    }

    [Fact]
    public void A_small_silo_proposes_only_so_much_that_it_cannot_hold_and_says_why_it_waits()
    {
        _grid.Living[Grid.Class] = TestSpace.ClassMemory;
        var wait = Assert.IsType<WorkDecision.Wait>(Work("small"));
        Assert.Equal(MemoryNeed.MostWaiting, _grid.State.Trials.Count(t => t.Phase is TrialPhase.Ready));
        Assert.Contains("t5 needs 2.0 GiB, and this silo may use 2.0 GiB", wait.Why, StringComparison.Ordinal);
        Assert.Equal(1, _grid.State.Failed);
    }

    [Fact]
    public void What_no_machine_of_the_class_could_hold_fails_at_once_as_infeasible()
    {
        Work("large");
        var failed = Assert.Single(_grid.State.Trials, t => t.Phase is TrialPhase.Failed);
        Assert.Equal((22, 0), (failed.Id.Number, failed.Segments.Count));
        var phase = (TrialPhase.Failed)failed.Phase;
        Assert.Equal(FailureKind.Infeasible, phase.Kind);
        Assert.Contains("more than machines of its hardware class have (4.0 GiB)", phase.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_no_living_silo_can_hold_ends_with_the_limit_that_stands_in_the_way_and_the_study_ends_too()
    {
        _grid.Living[Grid.Class] = TestSpace.SmallMemory;
        Assert.IsType<WorkDecision.Finished>(Work("small"));
        Assert.Equal(StudyStatus.Completed, _grid.State.Status);
        var failed = _grid.State.Trials.Where(t => t.Phase is TrialPhase.Failed).ToList();
        Assert.Equal([5, 12, 19, 22, 26], failed.Select(t => t.Id.Number));
        Assert.Contains(
            "no living silo of its hardware class may use more than 2.0 GiB (--memory-limit",
            ((TrialPhase.Failed)failed[0].Phase).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_promoted_trial_that_this_silo_cannot_hold_does_not_stand_in_its_way()
    {
        var grid = new Grid(TestSpace.Json(9, rungs: 2)) { Describe = _grid.Describe };
        grid.Living[Grid.Class] = TestSpace.ClassMemory;
        for (var trial = -1; trial != 5;)
        {
            var done = Assert.IsType<WorkDecision.Run>(Work(grid, "large"));
            trial = done.Trial.Number;
            grid.Reach(done, trial == 5 ? 0.1 : 1);
        }
        var run = Assert.IsType<WorkDecision.Run>(Work(grid, "small"));
        Assert.NotEqual(5, run.Trial.Number);
        Assert.Equal(new TrialPhase.Ready(1), grid.State.Trials[5].Phase);
        Assert.Equal(5, Assert.IsType<WorkDecision.Run>(Work(grid, "large")).Trial.Number);
    }

    private WorkDecision.Run Take(string silo) => Assert.IsType<WorkDecision.Run>(Decided(_grid, silo));

    /// <summary>Trains whatever the silo gets, until it gets nothing.</summary>
    private WorkDecision Work(string silo)
    {
        while (true)
        {
            var decision = Decided(_grid, silo);
            if (decision is not WorkDecision.Run run)
                return decision;
            _grid.Reach(run, 1);
        }
    }

    private static WorkDecision Work(Grid grid, string silo) => Decided(grid, silo);

    private static WorkDecision Decided(Grid grid, string silo)
    {
        while (true)
        {
            var decision = grid.Decide(silo);
            grid.Append(decision.Events);
            if (decision is not WorkDecision.Record)
                return decision;
        }
    }
}
