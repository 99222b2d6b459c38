using TuneGrid.Search.Randomness;
using TuneGrid.Search.Sampling;
using TuneGrid.Search.Space;
using TuneGrid.Search.Tests.Reading;
using TuneGrid.Search.Tests.Space;

namespace TuneGrid.Search.Tests.Sampling;

public class SpaceEncodingTests
{
    private const string Mixed = """
        {
          "budget": { "seconds": 9 },
          "parameters": {
            "momentum": { "type": "float", "min": 0.5, "max": 0.9, "when": { "optimizer": "muon" } },
            "width": { "type": "int", "min": 32, "max": 128, "step": 32 },
            "batch_size": { "type": "choice", "values": [8, 2, 32, 16] },
            "optimizer": { "type": "choice", "values": ["adamw", "muon", "normuon"] },
            "tied": { "type": "bool" },
            "learning_rate": { "type": "float", "min": 0.001, "max": 0.1, "scale": "log" }
          },
          "fixed": { "depth": 3 }
        }
        """;

    [Fact]
    public void What_is_drawn_survives_encoding()
    {
        for (var seed = 0ul; seed < 60; seed++)
        {
            var space = SpaceFiles.Valid(ArbitrarySpace.Json(seed));
            var encoding = new SpaceEncoding(space);
            var draws = new SpaceDraws(space, FakeCatalog.Instance);
            for (var trial = 0; trial < 10; trial++)
            {
                var drawn = draws.Draw(trial);
                var vector = encoding.Encode(drawn);
                Assert.Equal(encoding.Columns, vector.Length);
                Assert.All(vector, v => Assert.InRange(v, 0, 1));
                var back = encoding.Decode(vector);
                Assert.Equal(drawn.Keys, back.Keys);
                Assert.All(drawn, pair => Assert.True(Same(pair.Value, back[pair.Key]), $"{seed}: {pair} {back[pair.Key]}"));
            }
        }
    }

    [Fact]
    public void Any_point_is_a_configuration_of_the_space()
    {
        for (var seed = 0ul; seed < 60; seed++)
        {
            var space = SpaceFiles.Valid(ArbitrarySpace.Json(seed));
            var encoding = new SpaceEncoding(space);
            for (var point = 0ul; point < 20; point++)
            {
                var vector = Enumerable.Range(0, encoding.Columns).Select(i => (CounterRandom.Uniform(seed, point, (ulong)i) * 1.4) - 0.2);
                var configuration = encoding.Decode([.. vector]);
                if (encoding.Feasibility(FakeCatalog.Instance).Refusal(configuration) is null)
                    SampleCheck.Holds(space, configuration);
            }
        }
    }

    [Fact]
    public void Columns_lie_where_the_comment_says()
    {
        var space = SpaceFiles.Valid(Mixed);
        var encoding = new SpaceEncoding(space);
        Assert.Equal(8, encoding.Columns);
        var configuration = encoding.Decode([0.25, 0.3, 0.9, 0.2, 0.3, 0.1, 1, 0.5]);
        Assert.Equal(
            "width=64, batch_size=32, optimizer=muon, tied=true, learning_rate=0.01, depth=3",
            configuration.ToString().Replace("momentum=0.6, ", "", StringComparison.Ordinal));
        Assert.Equal([0.25, 0.375, 0.875, 0, 1, 0, 1, 0.5], encoding.Encode(configuration).Select(v => Math.Round(v, 9)));
        var other = encoding.Decode([0.25, 0.3, 0.9, 0.9, 0.3, 0.1, 0, 0.5]);
        Assert.False(other.ContainsKey("momentum"));
        Assert.Equal([0.5, 0.375, 0.875, 1, 0, 0, 0, 0.5], encoding.Encode(other).Select(v => Math.Round(v, 9)));
    }

    [Fact]
    public void What_lies_outside_the_space_moves_to_its_edge()
    {
        var encoding = new SpaceEncoding(SpaceFiles.Valid(Mixed));
        var outside = encoding.Decode(new double[8])
            .With("width", ParameterValue.Of(512)).With("batch_size", ParameterValue.Of(24)).With("learning_rate", ParameterValue.Of(5.0));
        var vector = encoding.Encode(outside);
        Assert.Equal((0.875, 0.625, 1), (vector[1], vector[2], vector[7]));
    }

    [Fact]
    public void A_space_knows_how_many_configurations_it_has()
    {
        Assert.Equal(double.PositiveInfinity, new SpaceEncoding(SpaceFiles.Valid(Mixed)).Size);
        const string Small = """
            { "budget": { "seconds": 9 }, "parameters": {
                "width": { "type": "int", "min": 32, "max": 128, "step": 32 }, "tied": { "type": "bool" } } }
            """;
        Assert.Equal(8, new SpaceEncoding(SpaceFiles.Valid(Small)).Size);
    }

    private static bool Same(ParameterValue a, ParameterValue b) =>
        a == b || (a.Kind == ValueKind.Real && b.Kind == ValueKind.Real && Math.Abs(a.Number - b.Number) <= 1.1e-6 * Math.Abs(a.Number));
}
