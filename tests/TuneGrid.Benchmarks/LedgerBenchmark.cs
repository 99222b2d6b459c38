using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using TuneGrid.Coordination;
using TuneGrid.Coordination.Json;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Observations;
using TuneGrid.Search.Sampling;
using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;
using TuneGrid.Simulation;

namespace TuneGrid.Benchmarks;

/// <summary>How long one process takes to decide a study of N trials, and another to read its ledger back.</summary>
internal static class LedgerBenchmark
{
    private const double Budget = 270;

    public static int Run(string[] args)
    {
        var trials = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 100_000;
        var watch = Stopwatch.StartNew();
        var ledger = Decide(trials);
        var deciding = watch.Elapsed.TotalSeconds;
        var bytes = ledger.Select(e => EventJson.Write(e.Event)).ToList();
        watch.Restart();
        var events = bytes.Select((b, i) => EventJson.Read(i + 1, b)).ToList();
        var decoding = watch.Elapsed.TotalSeconds;
        watch.Restart();
        StudyState.Replay(new("benchmark"), Plan(trials), events);
        var folding = watch.Elapsed.TotalSeconds;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{trials} trials, {ledger.Count} events: {deciding / ledger.Count * 1e6:F1} us to decide and fold an event; "
            + $"decoded in {decoding:F2} s, folded in {folding:F2} s"));
        return 0;
    }

    private static List<RecordedEvent> Decide(int trials)
    {
        var state = new StudyState(new("benchmark"), Plan(trials));
        var ledger = new List<RecordedEvent>();
        Append([new StudyCreated(default, "benchmark", "", new("none", ""), null)]);
        var offer = new WorkOffer(
            new("silo"), new("class"), default, TimeSpan.FromSeconds(30), [], new Dictionary<HardwareClass, long>(), new("token"));
        while (state.Status == StudyStatus.Running)
        {
            var decision = Coordinator.Decide(state, offer);
            Append(decision.Events);
            if (decision is not WorkDecision.Run run)
                continue;
            var amount = state.Trial(run.Trial).Segments[^1].ToAmount;
            var result = new SegmentResult(
                1 + (run.Trial.Number * 7919L % 10007 / 1e4), 2, amount, amount, 1000, 10, 100, 1000, 1, new(new string('a', 64)), null);
            Append(((ReportDecision.Record)Coordinator.Report(
                state, run.Trial, run.Fence, offer.Token, new SegmentOutcome.Reached(result), default)).Events);
        }
        return ledger;

        void Append(IReadOnlyList<StudyEvent> events)
        {
            foreach (var change in events)
            {
                ledger.Add(new(state.Sequence + 1, change));
                state.Apply(ledger[^1]);
            }
        }
    }

    private static SearchPlanner Plan(int trials)
    {
        var space = new SearchSpace(
            "benchmark", "none", new("bits_per_byte", Goal.Minimize), new(BudgetKind.Seconds, Budget), new(SchedulerType.Asha, 3, 4),
            new(SamplerType.Random), trials, 0, ImmutableArray<Parameter>.Empty, Configuration.Empty, ImmutableArray<Constraint>.Empty);
        return _ => new(space, () => Schedulers.Create(space), new Numbers());
    }

    private sealed class Numbers : ISampler
    {
        public Proposal Propose(SearchHistory history)
        {
            var configuration = Configuration.Empty
                .With("width", ParameterValue.Of(128L))
                .With("depth", ParameterValue.Of(4L))
                .With("learning_rate", ParameterValue.Of(0.001 + (history.Trials.Count * 1e-8)));
            return new(configuration, new("random"));
        }
    }
}
