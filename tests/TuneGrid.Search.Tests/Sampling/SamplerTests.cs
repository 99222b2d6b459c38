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
        Assert.Equal("unsatisfiable: no feasible configuration in 10000 draws; 100 % are refused by: depth < 1", impossible.Message);
    }

    private static List<ParameterValue> Draw(string sampler, string parameter, string name, int trials)
    {
        var space = SpaceFiles.Valid(
            $$"""{ "budget": { "steps": 81 }, "sampler": { "type": "{{sampler}}" }, "parameters": { {{parameter}} } }""");
        var draws = Samplers.Create(space, FakeCatalog.Instance);
        return [.. Enumerable.Range(0, trials).Select(trial => draws.Sample(trial)[name])];
    }
}
