using TuneGrid.Search.Observations;
using TuneGrid.Search.Sampling;
using TuneGrid.Search.Space;
using TuneGrid.Search.Tests.Reading;

namespace TuneGrid.Search.Tests.Sampling;

public class WarmStartTests
{
    [Fact]
    public void The_best_third_of_another_study_comes_along_with_the_values_that_are_searched_here()
    {
        var earlier = new Toy(Toy.Space("random"));
        earlier.Run(30);
        const string Json = """
            { "budget": { "steps": 81 }, "parameters": {
                "learning_rate": { "type": "float", "min": 0.001, "max": 0.01 },
                "optimizer": { "type": "choice", "values": ["muon", "normuon"] },
                "depth": { "type": "int", "min": 1, "max": 8 } } }
            """;
        var trials = EarlierTrials.Of(earlier.History, SpaceFiles.Valid(Json));
        Assert.Equal(10, trials.Count);
        Assert.Equal(0, trials[0].Rank);
        Assert.All(trials, t => Assert.InRange(t.Rank, 0, 1 / 3.0));
        Assert.All(trials, t => Assert.Subset(new HashSet<string> { "learning_rate", "optimizer" }, t.Configuration.Keys.ToHashSet()));
        Assert.All(trials, t => Assert.DoesNotContain(ParameterValue.Of("adamw"), t.Configuration.Values));
        Assert.Empty(EarlierTrials.Of(earlier.History, SpaceFiles.Valid(SpaceFiles.Small)));
        Assert.Empty(EarlierTrials.Of(new SearchHistory(), Toy.Space("tpe")));
    }

    [Theory]
    [InlineData("tpe")]
    [InlineData("priorband")]
    [InlineData("gp")]
    [InlineData("auto")]
    public void What_earlier_studies_found_is_tried_first(string sampler)
    {
        var toy = Warm(sampler, 0, Found(0));
        toy.Run(3);
        Assert.Equal(toy.History.Earlier.Take(3).Select(t => t.Configuration), toy.History.Trials.Select(t => t.Configuration));
    }

    [Theory]
    [InlineData("tpe")]
    [InlineData("priorband")]
    [InlineData("gp")]
    public void A_warm_start_helps_at_once_and_a_misleading_one_does_little_harm(string sampler)
    {
        var (cold, warm, misled) = (new List<double[]>(), new List<double[]>(), new List<double[]>());
        for (var seed = 0; seed < 15; seed++)
        {
            cold.Add(Bests(Warm(sampler, seed, [])));
            warm.Add(Bests(Warm(sampler, seed, Found(seed + 100))));
            misled.Add(Bests(Warm(sampler, seed, [.. Found(seed + 100).Select(Mirrored)])));
        }
        Assert.True(Median(warm, 0) < 0.7 * Median(cold, 0), $"{Median(warm, 0)} {Median(cold, 0)}");
        Assert.True(Median(misled, 1) < Median(cold, 1) + 0.02, $"{Median(misled, 1)} {Median(cold, 1)}");
    }

    private static double[] Bests(Toy toy)
    {
        toy.Run(10);
        var first = toy.Best;
        toy.Run(50);
        return [first, toy.Best];
    }

    private static double Median(List<double[]> values, int index) => values.Select(v => v[index]).Order().ElementAt(values.Count / 2);

    private static Toy Warm(string sampler, int seed, IReadOnlyList<EarlierTrial> earlier)
    {
        var toy = new Toy(Toy.Space(sampler, seed));
        if (earlier.Count > 0)
            toy.History.WarmStarted(earlier);
        return toy;
    }

    private static IReadOnlyList<EarlierTrial> Found(int seed)
    {
        var earlier = new Toy(Toy.Space("random", seed));
        earlier.Run(40);
        return [.. EarlierTrials.Of(earlier.History, Toy.Space("tpe")).Take(10)];
    }

    /// <summary>As bad as the earlier one was good.</summary>
    private static EarlierTrial Mirrored(EarlierTrial trial)
    {
        var encoding = new SpaceEncoding(Toy.Space("tpe"));
        var points = encoding.Points(trial.Configuration);
        for (var i = 0; i < points.Length; i++)
            points[i] = encoding.Axes[i].IsOrdered ? points[i] > 0.5 ? 0.05 : 0.95 : 2;
        return trial with { Configuration = encoding.AtPoints(points) };
    }
}
