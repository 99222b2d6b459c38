using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Replaying;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;
using TuneGrid.Simulation;

namespace TuneGrid.Coordination.Tests.Studies;

/// <summary>Studies whose space limits their time, on a virtual clock. The budget is 270, the rungs are 30, 90 and 270.</summary>
public sealed class TimeLimitTests
{
    [Theory]
    [InlineData(1, 6, 0, SchedulerType.Asha)]
    [InlineData(1, 7, 10, SchedulerType.Asha)]
    [InlineData(1, 20, 10, SchedulerType.Asha)]
    [InlineData(3, 20, 10, SchedulerType.Asha)]
    [InlineData(5, 6, 5, SchedulerType.Asha)]
    [InlineData(1, 20, 10, SchedulerType.SuccessiveHalving)]
    [InlineData(4, 20, 0, SchedulerType.SuccessiveHalving)]
    [InlineData(2, 30, 10, SchedulerType.Hyperband)]
    [InlineData(2, 30, 10, SchedulerType.Random)]
    public void A_study_ends_in_time_with_a_champion(int silos, int minutes, double overhead, SchedulerType type)
    {
        var limit = TimeSpan.FromMinutes(minutes);
        var run = new Run(Limited(limit, type: type), silos, overhead);
        run.ToTheEnd();
        Assert.Equal(StudyStatus.Completed, run.Grid.State.Status);
        Assert.NotEmpty(run.Grid.State.Champions);
        Assert.All(run.Grid.Ledger, e => Assert.True(e.Event.At <= run.Begin + limit, $"{e}"));
        Assert.InRange(run.Grid.State.Trials.Count, 1, 299);
        // Not too early either: the reserve is what one trial needs.
        Assert.True(run.Grid.State.Summary.ChangedAt >= run.Begin + limit - TimeSpan.FromSeconds(300));
        Assert.Matches($"^its time is (nearly )?over \\({minutes}m\\)", run.Grid.State.Classes.Single().ProposalsEnded);
    }

    [Theory]
    [InlineData(40, 0)]
    [InlineData(90, 4)]
    public void Finalists_run_again_only_if_there_is_time(int minutes, int repeats)
    {
        var limit = TimeSpan.FromMinutes(minutes);
        var grid = new Grid(TestSpace.Json(40, finalists: new(2, 2)), plan: plan => Limit(plan, limit, BudgetKind.Seconds));
        var run = new Run(grid, 1, 0);
        run.ToTheEnd();
        Assert.Equal(StudyStatus.Completed, grid.State.Status);
        Assert.NotEmpty(grid.State.Champions);
        Assert.Equal(repeats, grid.State.Trials.Count(t => t.RepeatOf is not null));
        Assert.All(grid.Ledger, e => Assert.True(e.Event.At <= run.Begin + limit));
    }

    [Fact]
    public void A_study_that_needs_less_ends_by_itself()
    {
        var run = new Run(Limited(TimeSpan.FromHours(9), trials: 9), 2, 1);
        run.ToTheEnd();
        Assert.Equal(9, run.Grid.State.Trials.Count);
        Assert.DoesNotContain(run.Grid.Ledger, e => e.Event is ProposalsEnded or TimeLimitReached);
    }

    [Fact]
    public void Without_time_for_the_whole_budget_trials_come_as_far_as_they_can()
    {
        var run = new Run(Limited(TimeSpan.FromSeconds(200)), 1, 0);
        run.ToTheEnd();
        Assert.Equal(StudyStatus.Completed, run.Grid.State.Status);
        Assert.Empty(run.Grid.State.Champions);
        Assert.True(run.Grid.State.Classes.Single().IsTimeOver);
        Assert.Contains(run.Grid.State.Trials, t => t.Rungs[1] is not null);
        Assert.Equal("its time is over (3m20s): no trial that is left can reach its next rung",
            run.Grid.Ledger.Select(e => e.Event).OfType<TimeLimitReached>().Single().Reason);
    }

    [Fact]
    public void A_time_shorter_than_the_first_rung_starts_nothing()
    {
        var run = new Run(Limited(TimeSpan.FromSeconds(20)), 1, 0);
        run.ToTheEnd();
        Assert.Equal((StudyStatus.Completed, 0), (run.Grid.State.Status, run.Grid.State.Trials.Count));
    }

    [Fact]
    public void A_paused_study_s_time_goes_on()
    {
        var run = new Run(Limited(TimeSpan.FromMinutes(20)), 2, 0);
        run.Until(120);
        run.Grid.Append(Coordinator.Pause(run.Grid.State, "lunch", run.Grid.Now).Events);
        run.Until(1500);
        run.Grid.Append(Coordinator.Resume(run.Grid.State, run.Grid.Now).Events);
        run.ToTheEnd();
        Assert.Equal(StudyStatus.Completed, run.Grid.State.Status);
        Assert.All(run.Grid.Ledger.Select(e => e.Event).OfType<SegmentLeased>(), l => Assert.True(l.At <= run.Begin.AddSeconds(120)));
        Assert.Empty(Requests.Extend(run.Grid.State, 900, run.Grid.Now).Events);
    }

    [Fact]
    public void The_pace_of_other_budgets_is_learned()
    {
        var limit = TimeSpan.FromMinutes(40);
        var run = new Run(Limited(limit, kind: BudgetKind.Steps), 1, 0, secondsPerUnit: 3);
        run.ToTheEnd();
        Assert.NotEmpty(run.Grid.State.Champions);
        Assert.All(run.Grid.Ledger, e => Assert.True(e.Event.At <= run.Begin + limit, $"{e}"));
    }

    [Fact]
    public void A_leader_that_would_wait_too_long_goes_on_out_of_turn()
    {
        var run = new Run(Limited(TimeSpan.FromMinutes(20), SchedulerType.SuccessiveHalving), 1, 0);
        run.ToTheEnd();
        var promoted = run.Grid.Ledger.Select(e => e.Event).OfType<TrialPromoted>().ToList();
        Assert.Contains(promoted, p => p.Why.OutOfTurn == true);
        Assert.Equal(run.Grid.State.Champions.Values.Single().Trial, promoted[^1].Trial);
    }

    [Fact]
    public void The_same_ledger_leads_to_the_same_decisions()
    {
        var run = new Run(Limited(TimeSpan.FromMinutes(20)), 3, 10);
        run.ToTheEnd();
        var report = DecisionReplay.Run(
            run.Grid.State.Id, json => Limit(TestSpace.Plan(json), TimeSpan.FromMinutes(20), BudgetKind.Seconds), run.Grid.Ledger);
        Assert.Null(report.Difference);
        Assert.Contains("proposals_ended", report.Reproduced.Keys);
    }

    private static Grid Limited(
        TimeSpan limit, SchedulerType type = SchedulerType.Asha, int trials = 300, BudgetKind kind = BudgetKind.Seconds) =>
        new(TestSpace.Json(trials, 3, type), plan: plan => Limit(plan, limit, kind));

    private static SearchPlan Limit(SearchPlan plan, TimeSpan limit, BudgetKind kind) => plan with
    {
        Space = plan.Space with { StopAfter = limit, Budget = plan.Space.Budget with { Kind = kind } },
    };

    /// <summary>Silos that train at the same speed, second by second.</summary>
    private sealed class Run(Grid grid, int silos, double overhead, double secondsPerUnit = 1)
    {
        private readonly Dictionary<string, (WorkDecision.Run Work, DateTimeOffset End)> _busy = [];

        public Grid Grid => grid;

        public DateTimeOffset Begin => grid.State.Created.At;

        public void Until(double seconds)
        {
            for (; grid.Now < Begin.AddSeconds(seconds) && grid.State.IsOpen; grid.Now = grid.Now.AddSeconds(1))
                Step();
        }

        public void ToTheEnd() => Until(100_000);

        private void Step()
        {
            foreach (var (silo, (work, _)) in _busy.Where(b => b.Value.End <= grid.Now).OrderBy(b => b.Value.End).ToList())
            {
                grid.Reach(work, 1 + (work.Trial.Number * 37 % 101));
                _busy.Remove(silo);
            }
            for (var i = 0; i < silos && grid.State.IsOpen; i++)
                Ask($"silo-{i}");
        }

        private void Ask(string silo)
        {
            if (_busy.ContainsKey(silo))
                return;
            var decision = grid.Decide(silo);
            for (; decision is WorkDecision.Record && grid.State.IsOpen; decision = grid.Decide(silo))
                grid.Append(decision.Events);
            if (decision is not WorkDecision.Run run)
                return;
            grid.Append(run.Events);
            var segment = grid.State.Trial(run.Trial).Segments[^1];
            _busy[silo] = (run, grid.Now.AddSeconds(overhead + ((segment.ToAmount - segment.FromAmount) * secondsPerUnit)));
        }
    }
}
