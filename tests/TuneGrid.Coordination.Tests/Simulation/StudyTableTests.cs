using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Studies;
using TuneGrid.Search.Sampling;
using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;
using TuneGrid.Simulation.Tables;

namespace TuneGrid.Coordination.Tests.Simulation;

public class StudyTableTests
{
    private static readonly ReplayOptions Asha = new(SamplerType.Random, SchedulerType.Asha, 2, 12, 1);

    [Fact]
    public void A_study_s_own_curves_are_read_back_and_searched_again()
    {
        var table = TableTexts.Table(30, 27, diverging: 5);
        var state = Study(table);

        var text = new StringWriter();
        var configurations = StudyTable.Write(state, new("virtual"), table.Catalog, text);
        var again = TableText.Read("study", new StringReader(text.ToString()));

        var scored = state.Trials.Where(t => t.Rungs[0] is not null || t.Phase is Coordination.Trials.TrialPhase.Failed).ToList();
        Assert.Equal(scored.Count, configurations);
        var whole = state.Trials.First(t => t.IsOver && t.Rungs[^1] is not null);
        var recorded = table.Train(whole.Configuration, 0);
        var curve = again.Train(again.ConfigurationOf(scored.IndexOf(whole)), 0);
        Assert.Equal(recorded.Amounts, curve.Amounts);
        Assert.Equal(recorded.Scores, curve.Scores);
        Assert.Equal(recorded.Seconds, curve.Seconds.Select(s => Math.Round(s, 9)));
        var lost = state.Trials.First(t => t.Phase is Coordination.Trials.TrialPhase.Failed);
        Assert.Equal(double.NaN, again.Train(again.ConfigurationOf(scored.IndexOf(lost)), 0).Scores[^1]);
        Assert.Equal(
            whole.Configuration["width"], again.ConfigurationOf(scored.IndexOf(whole))["width"]);
        Assert.NotNull(Replay.Run(again, Asha).Whole.Any);
    }

    private static StudyState Study(CurveTable table)
    {
        var events = new List<RecordedEvent>();
        Replay.Run(table, Asha, events.Add);
        // As the ledger alone tells it.
        var space = table.Space with { Scheduler = new(SchedulerType.Asha, 3, 3), Trials = 1000 };
        return StudyState.Replay(
            new("study"), _ => new(space, () => Schedulers.Create(space), Samplers.Create(space, table.Catalog)), events);
    }
}
