using TuneGrid.Search.Analysis;
using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;
using TuneGrid.Search.Tests.Reading;

namespace TuneGrid.Search.Tests.Analysis;

public class HalvingPlanTests
{
    [Fact]
    public void Each_rung_passes_on_one_in_eta_and_costs_only_the_way_from_the_one_below()
    {
        var plan = HalvingPlan.Of(Space("asha", 27), null);
        Assert.Equal([27, 9, 3, 1], plan.Rungs.Select(r => r.Trials));
        Assert.Equal([300.0, 200, 200, 200], plan.Rungs.Select(r => Math.Round(r.Spent, 9)));
        Assert.Equal(900, plan.Spent, 9);
        Assert.False(plan.IsBound);
        Assert.All(plan.Rungs, r => Assert.Null(r.Survival));
    }

    [Theory]
    [InlineData("asha", 20, "20 6 2 1")]
    [InlineData("successive_halving", 5, "5 1 1 1")]
    [InlineData("asha", 1, "1 1 1 1")]
    public void Numbers_that_do_not_divide_are_rounded_down_but_one_always_sees_the_whole_budget(string type, int trials, string reached) =>
        Assert.Equal(reached, string.Join(' ', HalvingPlan.Of(Space(type, trials), null).Rungs.Select(r => r.Trials)));

    [Fact]
    public void Random_has_one_rung()
    {
        var plan = HalvingPlan.Of(Space("random", 7), null);
        Assert.Equal((300.0, 7, 2100.0), (Assert.Single(plan.Rungs).Amount, plan.Rungs[0].Trials, plan.Spent));
    }

    [Fact]
    public void Brackets_of_Hyperband_are_added_up_rung_by_rung()
    {
        var space = Space("hyperband", 30);
        var brackets = Schedulers.Create(space).Brackets;
        var plan = HalvingPlan.Of(space, null);
        Assert.Equal(4, plan.Rungs.Count);
        Assert.Equal(brackets[0].Trials, plan.Rungs[0].Trials);
        Assert.Equal((brackets[0].Trials / 3) + brackets[1].Trials, plan.Rungs[1].Trials);
        Assert.Equal(300, plan.Rungs[^1].Amount);
    }

    [Fact]
    public void Finalists_are_no_more_than_see_the_whole_budget()
    {
        var plan = HalvingPlan.Of(Space("asha", 27, finalists: new(2, 2)), null);
        Assert.Equal((1, 2, 600.0, 1500.0), (plan.Finalists, plan.Repeats, plan.RepeatsSpent, Math.Round(plan.Spent, 9)));
        Assert.Equal(2 * 3 * 300, HalvingPlan.Of(Space("random", 9, finalists: new(2, 3)), null).RepeatsSpent);
    }

    [Fact]
    public void A_control_goes_up_beside_the_others_and_runs_again_beside_the_best()
    {
        var space = Space("asha", 28, finalists: new(1, 2)) with { Control = true };
        var plan = HalvingPlan.Of(space, null);
        Assert.Equal([28, 10, 4, 2], plan.Rungs.Select(r => r.Trials));
        Assert.Equal(300 - (300 / 27.0), plan.ControlSpent, 9);
        Assert.Equal(2, plan.Finalists);
    }

    [Fact]
    public void The_plan_is_what_a_study_does()
    {
        foreach (var (type, trials) in new[] { ("successive_halving", 27), ("successive_halving", 20), ("random", 5) })
        {
            var space = Space(type, trials);
            var reached = Played(Schedulers.Create(space));
            var plan = HalvingPlan.Of(space, null);
            Assert.Equal(plan.Rungs.Select(r => r.Trials), plan.Rungs.Select(r => reached.GetValueOrDefault(r.Amount)));
        }
    }

    [Theory]
    [InlineData("asha", 27)]
    [InlineData("hyperband", 40)]
    public void Leaders_that_come_late_add_at_most_one_to_each_rung_of_a_bracket(string type, int trials)
    {
        var space = Space(type, trials);
        var scheduler = Schedulers.Create(space);
        var reached = Played(scheduler);
        foreach (var rung in HalvingPlan.Of(space, null).Rungs)
            Assert.InRange(reached[rung.Amount] - rung.Trials, 0, scheduler.Brackets.Count * 2);
    }

    [Fact]
    public void Without_noise_the_best_always_survives_and_with_much_it_is_a_lottery()
    {
        var quiet = HalvingPlan.Of(Space("asha", 27), new([new(300, 1e-9, 4, 1)]));
        Assert.All(quiet.Rungs, r => Assert.Equal(1, r.Survival!.Value, 2));
        var loud = HalvingPlan.Of(Space("asha", 27), new([new(300, 1000, 4, 1)]));
        Assert.InRange(loud.Rungs[0].Survival!.Value, 0.28, 0.39);
        Assert.InRange(loud.Rungs[^1].Survival!.Value, 0.01, 0.07);
        Assert.All(loud.Rungs.Zip(loud.Rungs.Skip(1)), pair => Assert.True(pair.First.Survival >= pair.Second.Survival));
    }

    [Fact]
    public void Repeats_help_the_best_to_be_named()
    {
        var noise = new NoiseModel([new(300, 0.5, 4, 1)]);
        var once = HalvingPlan.Of(Space("random", 12), noise).Rungs[^1].Survival;
        var again = HalvingPlan.Of(Space("random", 12, finalists: new(3, 4)), noise).Rungs[^1].Survival;
        Assert.InRange(again!.Value, once!.Value + 0.05, 1);
    }

    private static SearchSpace Space(string type, int trials, FinalistSpec? finalists = null) => SpaceFiles.Valid(
        $$"""
        { "budget": { "seconds": 300 }, "parameters": { "depth": { "type": "int", "min": 1, "max": 8 } },
          "scheduler": { "type": "{{type}}", "eta": 3, "rungs": 4 }, "trials": {{trials}} }
        """) with { Finalists = finalists };

    /// <summary>Returns how many trials reached each amount.</summary>
    private static Dictionary<double, int> Played(IScheduler scheduler)
    {
        var (reached, brackets, next) = (new Dictionary<double, int>(), new Dictionary<TrialId, Bracket>(), 0);
        while (true)
        {
            var (trial, rung) = (default(TrialId), 0);
            switch (scheduler.Next())
            {
                case Decision.Start start:
                    trial = new(next++);
                    brackets.Add(trial, scheduler.Brackets[start.Bracket]);
                    scheduler.Proposed(trial, start.Bracket);
                    break;
                case Decision.Promote promote:
                    (trial, rung) = (promote.Trial, promote.ToRung);
                    scheduler.Promoted(trial, rung);
                    break;
                default:
                    return reached;
            }
            scheduler.Reached(trial, rung, trial.Number * 7919 % 101);
            reached[brackets[trial].Rungs[rung]] = reached.GetValueOrDefault(brackets[trial].Rungs[rung]) + 1;
        }
    }
}
