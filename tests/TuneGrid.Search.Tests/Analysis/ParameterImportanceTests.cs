using TuneGrid.Search.Analysis;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Tests.Analysis;

/// <summary>
/// Against the figures of Optuna on the same trials: fANOVA as the mean of twelve forests of its 3.1 (scikit-learn 1.2), PED-ANOVA by the
/// arithmetic of its 4.x.
/// </summary>
public sealed class ParameterImportanceTests
{
    private static readonly SearchSpace Space = new(
        "test", "storybook", new("bits_per_byte", Goal.Minimize), new(BudgetKind.Seconds, 300), new(SchedulerType.Asha, 3, 3),
        new(SamplerType.Random), 27, 0,
        [
            new FloatParameter("x", 0, 1, null, false, null), new FloatParameter("y", -1, 1, null, false, null),
            new IntParameter("k", 1, 8, 1, false, null),
            new ChoiceParameter("c", [ParameterValue.Of("a"), ParameterValue.Of("b"), ParameterValue.Of("c")], null),
        ],
        Configuration.Empty, []);

    [Theory]
    [InlineData(60, 0.362, 0.190, 0.149, 0.299)]
    [InlineData(200, 0.384, 0.180, 0.116, 0.320)]
    public void Fanova_agrees_with_Optunas_forests(int trials, double x, double y, double k, double c)
    {
        var found = ParameterImportances.Of(Space, Trials(trials)).ToDictionary(p => p.Name, p => p.Fanova);
        // Optuna's add up to 1; ours leave out what is in combinations.
        var sum = found.Values.Sum(f => f.Value);

        Assert.InRange(sum, 0.5, 1);
        Assert.Equal(x, found["x"].Value / sum, 0.06);
        Assert.Equal(y, found["y"].Value / sum, 0.06);
        Assert.Equal(k, found["k"].Value / sum, 0.06);
        Assert.Equal(c, found["c"].Value / sum, 0.06);
    }

    [Theory]
    [InlineData(60, 0.043567, 0.377730, 0.503644, 0.075059)]
    [InlineData(200, 0.229010, 0.086411, 0.593492, 0.091088)]
    public void Ped_anova_agrees_with_Optunas_arithmetic(int trials, double x, double y, double k, double c)
    {
        var found = ParameterImportances.Of(Space, Trials(trials)).ToDictionary(p => p.Name, p => p.PedAnova.Value);

        Assert.Equal(x, found["x"], 1e-6);
        Assert.Equal(y, found["y"], 1e-6);
        Assert.Equal(k, found["k"], 1e-6);
        Assert.Equal(c, found["c"], 1e-6);
    }

    [Fact]
    public void Intervals_hold_the_estimate_and_narrow_with_more_trials()
    {
        var (few, many) = (ParameterImportances.Of(Space, Trials(30)), ParameterImportances.Of(Space, Trials(150)));

        Assert.All(few.Concat(many), p => Assert.True(p.PedAnova.Low <= p.PedAnova.Value && p.PedAnova.Value <= p.PedAnova.High));
        Assert.All(few.Concat(many), p => Assert.True(p.Fanova.Low <= p.Fanova.Value && p.Fanova.Value <= p.Fanova.High));
        Assert.True(many.Sum(p => p.Fanova.High - p.Fanova.Low) < few.Sum(p => p.Fanova.High - p.Fanova.Low));
    }

    [Fact]
    public void The_same_trials_give_the_same_bits()
    {
        Assert.Equal(ParameterImportances.Of(Space, Trials(50)), ParameterImportances.Of(Space, Trials(50)));
    }

    [Fact]
    public void Where_every_score_is_the_same_nothing_matters_more()
    {
        var found = ParameterImportances.Of(Space, [.. Trials(20).Select(t => (t.Configuration, 1.5))]);

        Assert.All(found, p => Assert.Equal((0.25, 0.0), (p.PedAnova.Value, p.Fanova.Value)));
    }

    [Fact]
    public void Too_few_trials_are_refused() => Assert.Throws<ArgumentException>(() => ParameterImportances.Of(Space, Trials(9)));

    private static List<(Configuration Configuration, double Score)> Trials(int count) => [.. Enumerable.Range(0, count).Select(Trial)];

    private static (Configuration Configuration, double Score) Trial(int i)
    {
        var (x, y, k) = (i * 37 % 101 / 101.0, -1 + (2 * (((i * 53) + 11) % 97 / 97.0)), 1 + (i * 29 % 8));
        var c = i % 5 == 0 ? 0 : i * 7 % 3;
        var score = (1.2 * (x - 0.3) * (x - 0.3)) + (0.3 * Math.Abs(y)) + (0.05 * k) + (0.2 * c) + (0.3 * x * y)
            + (0.1 * (i * 71 % 89 / 89.0));
        var configuration = Configuration.Empty.With("x", ParameterValue.Of(x)).With("y", ParameterValue.Of(y))
            .With("k", ParameterValue.Of((long)k)).With("c", ParameterValue.Of("abc"[c].ToString()));
        return (configuration, score);
    }
}
