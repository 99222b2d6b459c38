using TuneGrid.Search.Space;

namespace TuneGrid.Search.Tests.Reading;

public class OverrideTests
{
    [Fact]
    public void Any_field_can_be_set()
    {
        var space = SpaceFiles.Valid(
            SpaceFiles.Text("gpt.json"),
            "budget.seconds=60", "trials=9", "parameters.width.max=128", "fixed.context=128", "scheduler.type=hyperband",
            "sampler.type=sobol", "corpus=tinystories",
            "constraints.0=depth < 5", "parameters.batch_size.values=[2, 4]", "seed=18446744073709551615");
        Assert.Equal(
            (60.0, 9, 128L, SchedulerType.Hyperband, SamplerType.Sobol, "tinystories", ulong.MaxValue),
            (space.Budget.Amount, space.Trials, ((IntParameter)space.Parameters[0]).Maximum,
                space.Scheduler.Type, space.Sampler.Type, space.Corpus, space.Seed));
        Assert.Equal("context=128, vocabulary=2048, bigram_buckets=4096", space.Fixed.ToString());
        Assert.Equal("depth < 5", Assert.Single(space.Constraints).Text);
    }

    [Fact]
    public void Another_unit_replaces_the_budget() =>
        Assert.Equal(new Budget(BudgetKind.Steps, 90), SpaceFiles.Valid(SpaceFiles.Text("gpt.json"), "budget.steps=90").Budget);

    [Fact]
    public void Fixing_a_searched_parameter_ends_its_search()
    {
        var space = SpaceFiles.Valid(SpaceFiles.Text("gpt.json"), "fixed.width=96");
        Assert.DoesNotContain(space.Parameters, p => p.Name == "width");
        Assert.Equal(96, space.Fixed["width"].Number);
    }

    [Fact]
    public void The_last_of_two_overrides_wins() => Assert.Equal(5, SpaceFiles.Valid(SpaceFiles.Small, "trials=3", "trials=5").Trials);

    [Theory]
    [InlineData("trials=many", "--set trials=many:1:8: /trials: expected a whole number from 1 to 1000000, not \"many\"")]
    [InlineData("trials", "--set trials:1:1: expected PATH=VALUE, for example budget.seconds=60")]
    [InlineData("a..b=1", "--set a..b=1:1:1: expected PATH=VALUE, for example budget.seconds=60")]
    [InlineData(
        "trails=3",
        "--set trails=3:1:1: /trails: unknown key 'trails': expected one of $schema, name, note, corpus, objective, budget, scheduler, "
        + "sampler, disturbance, finalists, keep, trials, seed, parameters, fixed, constraints, start, control, stop "
        + "(did you mean 'trials'?)")]
    [InlineData("budget.steps.x=3", "--set budget.steps.x=3:1:8: /budget/steps: this is 81: nothing in it can be set")]
    [InlineData(
        "parameters.depth.max=0",
        "--set parameters.depth.max=0:1:22: /parameters/depth/max: expected a whole number from 1 to 64, not 0")]
    public void A_wrong_override_is_named(string text, string problem) =>
        Assert.Equal([problem], SpaceFiles.Problems(SpaceFiles.Small, text));

    [Fact]
    public void The_recorded_file_reads_back_without_overrides()
    {
        var reading = SpaceFiles.Read(SpaceFiles.Text("wide.json"), "trials=9", "fixed.tied=true");
        Assert.Equal(reading.Json, SpaceFiles.Read(reading.Json).Json);
        Assert.Equal(9, SpaceFiles.Valid(reading.Json).Trials);
    }
}
