using TuneGrid.Cli.Terminal;
using TuneGrid.Cli.Views;
using TuneGrid.Coordination;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;
using TuneGrid.Silo.Segments;

namespace TuneGrid.Cli.Tests.Live;

/// <summary>Writes the ledger of a small study, second by second.</summary>
internal sealed class Story
{
    /// <summary>Three trials over two rungs, at 4 and 12 seconds.</summary>
    private const string Space = """
        { "name": "tiny", "corpus": "storybook",
          "objective": { "metric": "bits_per_byte", "goal": "minimize" }, "budget": { "seconds": 12 },
          "scheduler": { "type": "asha", "eta": 3, "rungs": 2 }, "sampler": { "type": "random" }, "trials": 3, "seed": 0,
          "parameters": { "width": { "type": "choice", "values": [64, 96, 128] } } }
        """;

    public static readonly HardwareClass Class = new("test-cpu/2of2/avx2/8g");
    public static readonly SiloId Silo = new("box-1");
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly SearchPlan Plan = SpacePlanner.Read(Space);
    private readonly List<RecordedEvent> _events = [];

    public StudyView View => new(StudyState.Replay(new StudyId("tiny-ab12"), _ => Plan, _events));

    public IReadOnlyList<RecordedEvent> Events => _events;

    public static DateTimeOffset At(double seconds) => Start.AddSeconds(seconds);

    public static SegmentResult Result(double score, double amount) =>
        new(score, Math.Exp(score), amount, amount, (long)(amount * 1000), (long)amount, 1000, 12_345, 2.5, new("aa"), new("bb"));

    public Story Add(StudyEvent happened)
    {
        var recorded = new RecordedEvent(_events.Count + 1, happened);
        _events.Add(recorded);
        return this;
    }

    /// <summary>Trial 0 climbs two rungs, trial 1 fails, trial 2 runs.</summary>
    public static Story OfThreeTrials()
    {
        TrialId Trial(int number) => new(number);
        Configuration Width(int width) => Configuration.Empty.With("width", ParameterValue.Of((long)width));
        return new Story()
            .Add(new StudyCreated(At(0), "tiny", Space, new("storybook", "cc"), null))
            .Add(new TrialProposed(At(0), Trial(0), Class, 0, Width(64), null))
            .Add(new SegmentLeased(At(0), Trial(0), 0, new(3), Silo, 0, 0, 4, null))
            .Add(new RungReached(At(5), Trial(0), 0, new(3), 0, Result(2.25, 4)))
            .Add(new TrialPromoted(At(5), Trial(0), 1, new(0, 2.25, 0, 1, 2.25)))
            .Add(new SegmentLeased(At(5), Trial(0), 1, new(6), Silo, 1, 4, 12, null))
            .Add(new RungReached(At(14), Trial(0), 1, new(6), 1, Result(1.5, 12)))
            .Add(new TrialCompleted(At(14), Trial(0), Result(1.5, 12)))
            .Add(new TrialProposed(At(14), Trial(1), Class, 0, Width(96), null))
            .Add(new SegmentLeased(At(14), Trial(1), 0, new(10), Silo, 0, 0, 4, null))
            .Add(new TrialFailed(At(16), Trial(1), new(10), FailureKind.Diverged, "the loss diverged at step 7"))
            .Add(new TrialProposed(At(16), Trial(2), Class, 0, Width(128), null))
            .Add(new SegmentLeased(At(16), Trial(2), 0, new(13), Silo, 0, 0, 4, null));
    }
}
