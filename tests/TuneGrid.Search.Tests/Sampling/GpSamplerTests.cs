using TuneGrid.Search.Observations;
using TuneGrid.Search.Sampling;
using TuneGrid.Search.Space;
using TuneGrid.Search.Tests.Reading;

namespace TuneGrid.Search.Tests.Sampling;

public class GpSamplerTests
{
    private const string Parameters = """
        "learning_rate": { "type": "float", "min": 0.0001, "max": 1, "scale": "log" },
        "momentum": { "type": "float", "min": 0, "max": 0.9 },
        "depth": { "type": "int", "min": 1, "max": 9 },
        "optimizer": { "type": "choice", "values": ["muon", "normuon", "adamw"] }
        """;

    [Theory]
    [InlineData("gp")]
    [InlineData("freeze_thaw")]
    public void It_finds_a_better_configuration_than_chance(string name)
    {
        var bests = Enumerable.Range(0, 6).Select(seed => (Model: Best(name, seed), Chance: Best("random", seed))).ToList();
        Assert.True(bests.Count(b => b.Model < b.Chance) >= 5, string.Join(' ', bests));
        Assert.True(bests.Average(b => b.Model) < 0.5 * bests.Average(b => b.Chance), string.Join(' ', bests));

        static double Best(string sampler, int seed) =>
            Run(Space(sampler, seed), 40).Trials.Min(t => Loss(t.Configuration));
    }

    [Theory]
    [InlineData("gp")]
    [InlineData("freeze_thaw")]
    public void The_same_history_gives_the_same_proposals_in_a_fresh_process(string name)
    {
        var space = Space(name, 3);
        var recorded = Run(space, 45);
        var again = new SearchHistory();
        foreach (var trial in recorded.Trials)
        {
            // A fresh instance each time: nothing but the history is known.
            var (configuration, why) = Samplers.Create(space, FakeCatalog.Instance).Propose(again);
            Assert.Equal(trial.Configuration, configuration);
            again.Proposed(trial.Trial, configuration, why.Model);
            Report(again, trial.Trial, configuration);
        }
        Assert.Equal(recorded.Model, again.Model);
    }

    [Fact]
    public void Asking_twice_changes_nothing()
    {
        var space = Space("gp", 1);
        var history = Run(space, 30);
        var sampler = Samplers.Create(space, FakeCatalog.Instance);
        Assert.Equal(sampler.Propose(history), sampler.Propose(history));
    }

    [Fact]
    public void No_configuration_is_proposed_twice_while_others_are_left()
    {
        var space = Space("gp", 2, """
            "depth": { "type": "int", "min": 1, "max": 5 }, "qk_norm": { "type": "bool" },
            "activation": { "type": "choice", "values": ["gelu", "relu2"] }
            """);
        Assert.Equal(20, Run(space, 20).Trials.Select(t => t.Configuration).Distinct().Count());
        Assert.Equal(25, Run(space, 25).Trials.Count);
    }

    [Fact]
    public void What_runs_side_by_side_differs()
    {
        var space = Space("gp", 4);
        var history = Run(space, 30);
        var sampler = Samplers.Create(space, FakeCatalog.Instance);
        for (var trial = 30; trial < 46; trial++)
            history.Proposed(trial, sampler.Propose(history).Configuration);
        Assert.Equal(46, history.Trials.Select(t => t.Configuration).Distinct().Count());
    }

    [Fact]
    public void Constraints_hold_for_every_proposal()
    {
        var space = Space("gp", 5, Parameters, "\"constraints\": [\"depth * learning_rate <= 0.01\"],");
        foreach (var trial in Run(space, 40).Trials)
            Assert.True(trial.Configuration["depth"].Number * trial.Configuration["learning_rate"].Number <= 0.01);
    }

    [Fact]
    public void Where_configurations_fail_few_more_are_tried()
    {
        var space = Space("gp", 6);
        var failing = Run(space, 60, fails: c => c["depth"].Number > 4).Trials;
        var late = failing.Skip(30).Count(t => t.Status == ObservationStatus.Failed);
        Assert.InRange(late, 0, 9);
        Assert.InRange(failing.Count - late, 31, 60);
    }

    [Fact]
    public void A_failure_that_says_nothing_changes_nothing()
    {
        var space = Space("gp", 7);
        var (plain, lost) = (Run(space, 20), Run(space, 20));
        var extra = plain.Trials[0].Configuration;
        plain.Proposed(20, extra);
        lost.Proposed(20, extra);
        lost.Failed(20, FailureCause.Unrelated);
        plain.Failed(20, FailureCause.Diverged);
        var data = GpData.Of(lost, new());
        Assert.Empty(data.Failed);
        Assert.Single(GpData.Of(plain, new()).Failed);
    }

    [Fact]
    public void The_model_is_fitted_again_only_when_the_data_grew_by_a_tenth()
    {
        var space = Space("gp", 8);
        var history = new SearchHistory();
        var sampler = Samplers.Create(space, FakeCatalog.Instance);
        var fits = 0;
        for (var trial = 0; trial < 100; trial++)
        {
            var (configuration, why) = sampler.Propose(history);
            fits += why.Model is null ? 0 : 1;
            history.Proposed(trial, configuration, why.Model);
            Report(history, trial, configuration);
        }
        Assert.InRange(fits, 8, 20);
    }

    [Fact]
    public void Scores_of_lower_rungs_are_carried_up_along_those_that_have_both()
    {
        var history = new SearchHistory();
        for (var trial = 0; trial < 40; trial++)
        {
            history.Proposed(trial, Configuration.Empty);
            history.Reached(trial, 1, trial, isLast: false);
            if (trial < 39)
                history.Reached(trial, 3, (0.5 * trial) + 10, isLast: true);
        }
        var chained = new ChainedScores(history.Trials);
        Assert.InRange(chained.Of(history.Trials[39]), 28.5, 32);
        Assert.Equal(10.0, chained.Of(history.Trials[0]));
        Assert.Equal((2, 0, 1), (chained.Levels, chained.LevelOf(history.Trials[39]), chained.LevelOf(history.Trials[0])));
    }

    [Fact]
    public void Auto_says_in_its_first_proposal_what_it_took()
    {
        const string NoRungs = "\"scheduler\": { \"type\": \"random\" },";
        var space = Space("auto", 9, more: NoRungs);
        var sampler = Samplers.Create(space, FakeCatalog.Instance);
        var first = sampler.Propose(new());
        Assert.Equal(("gp", $"auto: {Samplers.Explain(space)!.Why}"), (first.Why.By, first.Why.Text));
        Assert.Equal(Samplers.Create(Space("gp", 9), FakeCatalog.Instance).Propose(new()).Configuration, first.Configuration);
        Assert.Equal("tpe", Samplers.Explain(Space("auto", 9))!.Name);
        Assert.Null(Samplers.Explain(Space("gp", 9)));
    }

    private static SearchHistory Run(SearchSpace space, int trials, Func<Configuration, bool>? fails = null)
    {
        var history = new SearchHistory();
        var sampler = Samplers.Create(space, FakeCatalog.Instance);
        for (var trial = 0; trial < trials; trial++)
        {
            var (configuration, why) = sampler.Propose(history);
            history.Proposed(trial, configuration, why.Model);
            if (fails?.Invoke(configuration) ?? false)
                history.Failed(trial, FailureCause.Diverged);
            else
                Report(history, trial, configuration);
        }
        return history;
    }

    private static void Report(SearchHistory history, int trial, Configuration configuration)
    {
        history.Reached(trial, 10, Loss(configuration) + 1, isLast: false);
        if (trial % 3 == 0)
            history.Reached(trial, 30, Loss(configuration), isLast: true);
    }

    private static double Loss(Configuration c)
    {
        double Of(string name, double otherwise) => c.TryGetValue(name, out var value) ? value.Number : otherwise;
        var (rate, momentum) = (Math.Log10(Of("learning_rate", 0.01)) + 2.3, Of("momentum", 0.5) - 0.6);
        var depth = (Of("depth", 3) - 3) / 4;
        var optimizer = c.TryGetValue("optimizer", out var name) && name.ToString() == "adamw" ? 0.2 : 0;
        return (rate * rate / 3) + (momentum * momentum) + (depth * depth) + optimizer;
    }

    private static SearchSpace Space(string sampler, int seed, string parameters = Parameters, string more = "") => SpaceFiles.Valid($$"""
        {
          "name": "test", "budget": { "seconds": 30 }, "sampler": { "type": "{{sampler}}" }, "seed": {{seed}}, {{more}}
          "trials": 100, "parameters": { {{parameters}} }
        }
        """);
}
