using TuneGrid.Search.Observations;
using TuneGrid.Search.Reading;
using TuneGrid.Search.Sampling;
using TuneGrid.Search.Space;
using TuneGrid.Silo.Segments;
using TuneGrid.Testing;

namespace TuneGrid.Silo.Tests.Segments;

/// <summary>The files in search-spaces/, read with the trainer's own catalog.</summary>
public class ShippedSpacesTests
{
    [Theory]
    [InlineData("gpt.json")]
    [InlineData("quick.json")]
    [InlineData("wide.json")]
    public void Each_is_valid_and_draws_all_its_trials(string name)
    {
        var space = Read(name);
        var sampler = Samplers.Create(space, TrainingParameterCatalog.Instance);
        var history = new SearchHistory();
        for (var trial = 0; trial < space.Trials; trial++)
        {
            var configuration = sampler.Propose(history).Configuration;
            history.Proposed(trial, configuration);
            Assert.All(space.Constraints, c => Assert.True(c.IsMet(configuration, TrainingParameterCatalog.Instance), c.Text));
            Assert.Null(TrainingParameterCatalog.Instance.Refuse(configuration));
        }
    }

    /// <summary>A search must never lose to the trainer without a flag.</summary>
    [Theory]
    [InlineData("gpt.json")]
    [InlineData("wide.json")]
    public void Those_with_the_whole_budget_begin_with_the_trainer_s_defaults_as_their_control(string name)
    {
        var space = Read(name);
        Assert.True(space.Control);
        var defaults = TrainingParameterCatalog.Instance.Parameters.ToDictionary(p => p.Name, p => p.Default);
        Assert.All(space.StartPoints[0].Configuration, value => Assert.Equal(defaults[value.Key], value.Value));
        Assert.Equal(new Budget(BudgetKind.Seconds, 300), space.Budget);
    }

    private static SearchSpace Read(string name)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "search-spaces", name));
        var reading = SearchSpaceReader.Read(text, name, TrainingParameterCatalog.Instance, []);
        Assert.Empty(reading.Problems.Select(p => p.ToString()));
        return reading.Space!;
    }
}
