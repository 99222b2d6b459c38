using TuneGrid.Cli.Tests.Live;
using TuneGrid.Coordination;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Space;
using TuneGrid.Silo.Segments;
using TuneGrid.Testing.Commands;

namespace TuneGrid.Cli.Tests.Analysis;

/// <summary>A study that the rules decided, trained by a formula: its ledger can be replayed.</summary>
internal static class DecidedStudy
{
    /// <summary>Of three rungs, at 30, 90 and 270 seconds.</summary>
    public const string Space = """
        { "name": "formula", "corpus": "storybook",
          "objective": { "metric": "bits_per_byte", "goal": "minimize" }, "budget": { "seconds": 270 },
          "scheduler": { "type": "asha", "eta": 3, "rungs": 3 }, "sampler": { "type": "random" }, "trials": 27, "seed": 5,
          "parameters": {
            "width": { "type": "int", "min": 64, "max": 256, "step": 32 },
            "learning_rate": { "type": "float", "min": 0.0003, "max": 0.02, "scale": "log" },
            "batch_size": { "type": "choice", "values": [4, 8, 16, 32] } },
          "fixed": { "depth": 2 } }
        """;

    /// <summary>The wider the better and the learning rate hardly matters; worse the less it was trained.</summary>
    public static double Score(Configuration configuration, double amount) =>
        1 + (100 / configuration["width"].Number) + (10 * configuration["learning_rate"].Number) + (20 / (amount + 30));

    public static async Task<IReadOnlyList<RecordedEvent>> WriteAsync(
        Shell shell, string name, string space = Space, Func<List<RecordedEvent>, List<RecordedEvent>>? change = null)
    {
        var (state, ledger) = Decide(name, space);
        ledger = change?.Invoke(ledger) ?? ledger;
        await using var store = await LedgerWriter.OpenAsync(shell);
        Assert.True(await store.Studies.TryAppendAsync(
            new(state.Id, 0, [.. ledger.Select(e => e.Event)], [], state.Summary), default));
        return ledger;
    }

    public static (StudyState State, List<RecordedEvent> Ledger) Decide(string name, string space = Space)
    {
        var (state, ledger) = (new StudyState(new(name), SpacePlanner.Read), new List<RecordedEvent>());
        Append([new StudyCreated(Story.At(0), name, space, new("storybook", "cc"), null)]);
        var seconds = 0.0;
        while (true)
        {
            var offer = new WorkOffer(
                Story.Silo, Story.Class, Story.At(seconds), TimeSpan.FromSeconds(30), [],
                new Dictionary<HardwareClass, long> { [Story.Class] = long.MaxValue }, new("secret"));
            var decision = Coordinator.Decide(state, offer);
            Append(decision.Events);
            if (decision is WorkDecision.Finished)
                return (state, ledger);
            if (decision is not WorkDecision.Run run)
                continue;
            var segment = state.Trial(run.Trial).Segments[^1];
            seconds += segment.ToAmount - segment.FromAmount;
            var result = Story.Result(Score(state.Trial(run.Trial).Configuration, segment.ToAmount), segment.ToAmount);
            var report = Coordinator.Report(
                state, run.Trial, run.Fence, new("secret"), new SegmentOutcome.Reached(result), Story.At(seconds));
            Append(Assert.IsType<ReportDecision.Record>(report).Events);
        }

        void Append(IEnumerable<StudyEvent> events)
        {
            foreach (var happened in events)
            {
                ledger.Add(new(ledger.Count + 1, happened));
                state.Apply(ledger[^1]);
            }
        }
    }
}
