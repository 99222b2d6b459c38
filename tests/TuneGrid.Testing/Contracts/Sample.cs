using TuneGrid.Coordination;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Silos;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;

namespace TuneGrid.Testing.Contracts;

/// <summary>Small records to store.</summary>
internal static class Sample
{
    public static readonly DateTimeOffset At = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    public static readonly SiloId SiloA = new("a-1");
    public static readonly SiloId SiloB = new("b-2");
    private static readonly CorpusReference Corpus = new("storybook", new string('c', 64));
    private static readonly HardwareClass Class = new("cpu/2of2/avx2/16g");

    public static StudySummary Summary(StudyId study, int trials = 0) =>
        new(study, study.Value, StudyStatus.Running, Corpus, At, At, trials, 0, []);

    public static StudyCreated Created(string name = "gpt") => new(At, name, "{\"name\":\"ü\"}", Corpus, null);

    public static TrialProposed Proposed(int trial) =>
        new(
            At,
            new(trial),
            Class,
            0,
            new([new("width", ParameterValue.Of(64L)), new("rate", ParameterValue.Of(2.0)), new("tied", ParameterValue.Of(true))]),
            null);

    public static RungReached Reached(int trial, double bits) =>
        new(At, new(trial), 0, new(3), 0, new SegmentResult(bits, 9, 12, 12, 100, 10, 8, 1000, double.NaN, new(new string('a', 64)), null));

    public static SegmentProgress Progress(double amount) => new(amount, 12, amount, 100, 50, 2.5);

    public static SiloDescription Silo(SiloId id, SiloActivity status = SiloActivity.Idle) =>
        new(id, Class, "host", 7, 2, 1 << 30, At, status, "");

    public static Commit Create(StudyId study) => new(study, 0, [Created()], [], Summary(study));

    public static Commit Append(StudyId study, long expected, params StudyEvent[] events) =>
        new(study, expected, events, [], Summary(study, (int)expected));

    public static Commit Grant(StudyId study, long expected, int trial, long fence, SiloId silo, int seconds) =>
        new(
            study,
            expected,
            [Proposed(trial)],
            [new LeaseChange.Grant(new TrialId(trial), new Fence(fence), silo, TimeSpan.FromSeconds(seconds))],
            Summary(study));

    public static Commit Release(StudyId study, long expected, int trial) =>
        new(study, expected, [Reached(trial, 1.5)], [new LeaseChange.Release(new TrialId(trial))], Summary(study));
}
