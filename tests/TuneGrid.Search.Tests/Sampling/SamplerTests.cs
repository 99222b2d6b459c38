using TuneGrid.Search.Sampling;
using TuneGrid.Search.Space;
using TuneGrid.Search.Tests.Reading;
using TuneGrid.Search.Tests.Space;

namespace TuneGrid.Search.Tests.Sampling;

public class SamplerTests
{
    [Theory]
    [InlineData("random")]
    [InlineData("sobol")]
    public void Every_value_of_a_small_space_is_drawn_about_as_often(string sampler)
    {
        const string Width = "\"width\": { \"type\": \"int\", \"min\": 32, \"max\": 128, \"step\": 32 }";
        var counts = Draw(sampler, Width, "width", 4000).CountBy(v => v.ToString()).ToDictionary();
        Assert.Equal(4, counts.Count);
        Assert.All(counts.Values, count => Assert.InRange(count, 900, 1100));
    }

    [Fact]
    public void A_log_scale_draws_every_factor_as_often()
    {
        const string LearningRate = "\"learning_rate\": { \"type\": \"float\", \"min\": 0.001, \"max\": 1, \"scale\": \"log\" }";
        var values = Draw("random", LearningRate, "learning_rate", 3000);
        var decades = values.CountBy(v => Math.Floor(Math.Log10(v.Number))).Select(c => c.Value).ToList();
        Assert.Equal(3, decades.Count);
        Assert.All(decades, count => Assert.InRange(count, 900, 1100));
    }

    [Fact]
    public void Whole_numbers_on_a_log_scale_favour_small_ones()
    {
        const string BatchSize = "\"batch_size\": { \"type\": \"int\", \"min\": 1, \"max\": 64, \"scale\": \"log\" }";
        var values = Draw("sobol", BatchSize, "batch_size", 4096);
        Assert.Equal(64, values.Max(v => v.Number));
        Assert.InRange(values.Count(v => v.Number <= 8), 2000, 2700);
    }

    [Fact]
    public void Another_seed_draws_other_trials()
    {
        var space = SpaceFiles.Text("gpt.json");
        var (first, second) = (SpaceFiles.Valid(space), SpaceFiles.Valid(space, "seed=1"));
        Assert.NotEqual(Samplers.Create(first, FakeCatalog.Instance).Sample(0), Samplers.Create(second, FakeCatalog.Instance).Sample(0));
    }

    [Fact]
    public void The_first_draws_of_gpt_never_change_between_releases()
    {
        // A ledger replayed by a later release must draw the same configurations.
        var sampler = Samplers.Create(SpaceFiles.Valid(SpaceFiles.Text("gpt.json")), FakeCatalog.Instance);
        Assert.Equal(
            "width=96, depth=2, learning_rate=0.00561322, batch_size=8, context=256, vocabulary=2048, bigram_buckets=4096",
            sampler.Sample(0).ToString());
    }

    [Fact]
    public void A_space_nearly_without_configurations_says_what_refuses_them()
    {
        var constrained = SpaceFiles.Valid(SpaceFiles.Small, "constraints=[\"depth < 1 or depth == 8\"]");
        var space = SpaceFiles.Valid(SpaceFiles.Small) with { Constraints = constrained.Constraints };
        Assert.Equal(8, Samplers.Create(space, FakeCatalog.Instance).Sample(5)["depth"].Number);
        var impossible = Assert.Single(SpaceFiles.Read(SpaceFiles.Small, "constraints=[\"depth < 1\"]").Problems);
        Assert.Equal("unsatisfiable: no feasible configuration in 476191 draws; 100 % are refused by: depth < 1", impossible.Message);
    }

    [Fact]
    public void Three_configurations_of_ten_thousand_are_found_for_every_trial()
    {
        const string Three = "(width == 17 and batch_size == 40) or (width == 50 and batch_size == 3) or width * batch_size == 10000";
        var constrained = SpaceFiles.Valid(Grid, $"constraints=[\"{Three}\"]");
        var sampler = Samplers.Create(constrained, FakeCatalog.Instance);
        Assert.Equal(3, Enumerable.Range(0, 60).Select(sampler.Sample).Distinct().Count());
    }

    [Fact]
    public void Long_constraints_that_nothing_meets_are_given_up_after_a_bounded_effort()
    {
        // 20 kB: some 10,000 operands and operators, of which each draw may have to compute all.
        var sum = string.Join(" + ", Enumerable.Repeat("width * 2", 49));
        var constraints = string.Join(", ", Enumerable.Repeat($"\"{sum} > 0\"", 40).Append("\"width * batch_size == 9999.5\""));
        var problem = Assert.Single(SpaceFiles.Read(
            Grid.Replace("\"parameters\"", $"\"constraints\": [{constraints}], \"parameters\"", StringComparison.Ordinal)).Problems);
        // The one that refuses is asked first, so the long ones hardly cost anything.
        const string Expected =
            "unsatisfiable: no feasible configuration in 315707 draws; 100 % are refused by: width * batch_size == 9999.5";
        Assert.Equal(Expected, problem.Message);
    }

    private const string Grid = """
        { "budget": { "steps": 81 }, "parameters": {
          "width": { "type": "int", "min": 1, "max": 100 }, "batch_size": { "type": "int", "min": 1, "max": 100 } } }
        """;

    private static List<ParameterValue> Draw(string sampler, string parameter, string name, int trials)
    {
        var space = SpaceFiles.Valid(
            $$"""{ "budget": { "steps": 81 }, "sampler": { "type": "{{sampler}}" }, "parameters": { {{parameter}} } }""");
        var draws = Samplers.Create(space, FakeCatalog.Instance);
        return [.. Enumerable.Range(0, trials).Select(trial => draws.Sample(trial)[name])];
    }
}
