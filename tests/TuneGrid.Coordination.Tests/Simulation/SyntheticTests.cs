using System.Collections.Immutable;
using TuneGrid.Search.Space;
using TuneGrid.Simulation.Synthetic;
using TuneGrid.Simulation.Tables;

namespace TuneGrid.Coordination.Tests.Simulation;

public class SyntheticTests
{
    private static readonly ImmutableArray<Parameter> Parameters =
    [
        new FloatParameter("rate", 1e-4, 1, null, true, null), new IntParameter("width", 1, 64, 1, false, null),
        new ChoiceParameter("kind", [ParameterValue.Of("a"), ParameterValue.Of("b"), ParameterValue.Of("c")], null),
        new FloatParameter("decay", 0, 1, null, false, new("kind", [ParameterValue.Of("b")])),
        new BoolParameter("tied", null),
    ];

    private static readonly ReplayOptions Asha = new(SamplerType.Random, SchedulerType.Asha, 4, 30, 1);

    [Fact]
    public void Every_kind_of_space_can_be_searched_and_every_seed_is_another_task()
    {
        var (first, second) = (Task(1), Task(2));

        var report = Replay.Run(first, Asha);

        Assert.Equal(report, Replay.Run(Task(1), Asha));
        Assert.NotEqual(report, Replay.Run(second, Asha));
        Assert.InRange(report.Whole.Any!.Value, -0.2, 0.9);
        Assert.InRange((double)report.Failed / report.Trials, 0.02, 0.4);
    }

    [Fact]
    public void Curves_cross_fall_and_have_noise_of_their_own_in_each_run()
    {
        var task = Task(3);
        var options = Asha with { Scheduler = SchedulerType.Random, Trainings = 100 };
        var configurations = new List<Configuration>();
        Replay.Run(task, options, e =>
        {
            if (e.Event is Ledger.TrialProposed proposed)
                configurations.Add(proposed.Configuration);
        });

        var truths = configurations.Select(c => task.Train(c, 0).Truths).Where(t => !double.IsNaN(t[^1])).ToList();
        Assert.All(truths, t => Assert.Equal(t.OrderDescending(), t));
        var crossings = truths.SelectMany((a, i) => truths.Skip(i + 1).Where(b => a[1] < b[1] != a[^1] < b[^1])).Count();
        Assert.InRange(crossings / (truths.Count * (truths.Count - 1) / 2.0), 0.05, 0.5);
        var (one, other) = (task.Train(configurations[0], 0), task.Train(configurations[0], 1));
        Assert.Equal(one.Truths, other.Truths);
        Assert.NotEqual(one.Scores, other.Scores);
        Assert.Equal(one.Scores, task.Train(configurations[0], 0).Scores);
    }

    [Fact]
    public void Between_rows_a_table_shows_what_is_near_and_at_a_row_its_own_curve()
    {
        var table = TableTexts.Table(10, 3);
        var between = new InterpolatedTable(table);

        Assert.Same(table.Train(table.ConfigurationOf(4), 0), between.Train(table.ConfigurationOf(4), 0));
        var configuration = table.ConfigurationOf(4).With("width", ParameterValue.Of(4.01));
        Assert.InRange(between.Train(configuration, 0).Scores[0], 2.35, 2.45);
        Assert.Equal(table.Scale, between.Scale);
    }

    [Fact]
    public void Where_most_of_what_is_near_has_diverged_a_table_has_between_its_rows_too()
    {
        var table = new InterpolatedTable(TableTexts.Read("""
            config,a,step,valid_loss
            0,0,0,1
            0,0,1,1
            1,10,0,2
            1,10,1,nan
            """));

        var curves = new[] { 4.0, 6.0 }.Select(a => table.Train(Configuration.Empty.With("a", ParameterValue.Of(a)), 0)).ToList();
        Assert.Equal(1, curves[0].Scores[1]);
        Assert.Equal(double.NaN, curves[1].Scores[1]);
    }

    private static SyntheticTask Task(ulong seed)
    {
        var space = new SearchSpace(
            "made up", "", new("bits_per_byte", Goal.Minimize), new(BudgetKind.Steps, 540), new(SchedulerType.Asha, 3, 4),
            new(SamplerType.Random), 27, 0, Parameters, Configuration.Empty, []);
        return new("made up", space, new PlainCatalog(Parameters, Configuration.Empty), seed);
    }
}
