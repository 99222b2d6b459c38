using System.Text;
using TuneGrid.Coordination.Json;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;
using TuneGrid.Simulation;

namespace TuneGrid.Coordination.Tests.Studies;

/// <summary>
/// The ledger's form on disk. The assets were written by the releases in their names, each with what was new in it, and must read back for
/// ever: add fields, never change them.
/// </summary>
public sealed class EventJsonTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 23, 1, 2, 3, 456, TimeSpan.Zero);
    private static readonly SiloId Silo = new("box-42-k3f9");
    private static readonly ArtifactHash Hash = new(new string('a', 64));
    private static readonly ArtifactHash Other = new(new string('b', 64));
    private static readonly Configuration Values = Configuration.Empty
        .With("width", ParameterValue.Of(128L)).With("learning_rate", ParameterValue.Of(3e-3)).With("scale", ParameterValue.Of(2.0))
        .With("tied", ParameterValue.Of(true)).With("optimizer", ParameterValue.Of("adamw"));

    private static readonly SegmentResult Result =
        new(1.25, 2.5, 10.1, 10.1, 5000, 40, 495.5, 12345, 3.5, Hash, null) { PeakMemoryBytes = 1 << 20 };

    private static readonly StudyEvent[] EveryKind =
    [
        new StudyCreated(
            At, "quick", TestSpace.Json(9, 2), TestSpace.Corpus, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            DisturbancePolicy.RerunOnce),
        new TrialProposed(At, new(0), new("cpu/2of2/avx2/16g"), 0, Values, null),
        new SegmentLeased(At, new(0), 0, new(3), Silo, 0, 0, 90, null),
        new LeaseExpired(At, new(0), new(3)),
        new SegmentLeased(At, new(0), 1, new(5), Silo, 0, 0, 90, null),
        new TrialPaused(At, new(0), 1, new(5), 4.5, Other),
        new SegmentLeased(At, new(0), 2, new(7), Silo, 0, 4.5, 90, null),
        new CheckpointLost(At, new(0), new(7), Other, "its bytes do not match"),
        new SegmentLeased(At, new(0), 3, new(9), Silo, 0, 0, 90, null),
        new SegmentDisturbed(At, new(0), 3, new(9), Result with { Disturbed = true }),
        new SegmentLeased(At, new(0), 4, new(11), Silo, 0, 0, 90, null),
        new RungReached(At, new(0), 4, new(11), 0, Result with { Joules = 99.5 }),
        new TrialPromoted(At, new(0), 1, new(0, 1.25, 0, 3, 1.5)),
        new SegmentLeased(At, new(0), 5, new(14), Silo, 1, 10.1, 270, null),
        new RungReached(At, new(0), 5, new(14), 1, Result with { Model = Other }),
        new TrialCompleted(At, new(0), Result with { Model = Other }),
        new TrialProposed(At, new(1), new("cpu/2of2/avx2/16g"), 0, Values, null),
        new SegmentLeased(At, new(1), 0, new(18), Silo, 0, 0, 90, null),
        new TrialFailed(At, new(1), new(18), FailureKind.OutOfMemory, "needs 9 GiB, 8 are there"),
        new StudyCompleted(At),
        new StudyCancelled(At, "asked by a person"),
        // Since 0.2.
        new StudyPaused(At, "asked by a person"),
        new StudyResumed(At),
        new TrialFailed(At, new(1), new(18), FailureKind.Cancelled, "asked by a person"),
        new SegmentLeased(At, new(1), 0, new(18), Silo, 0, 0, 90, null, new("a-secret")),
        new ProposalsEnded(At, new("cpu/2of2/avx2/16g"), "no feasible configuration in 300000 draws"),
        new SegmentLeased(At, new(1), 1, new(20), Silo, 0, 0, 90, null, new("a-secret"), "box"),
        new TrialProposed(
            At, new(2), new("cpu/2of2/avx2/16g"), 0, Values, null, new("gp", "the largest expected improvement") { Model = [0.5, 2] },
            new(1)),
        new RungReached(At, new(0), 4, new(11), 0, Result with { Curve = [new(1.5, 3.25), new(3, 2.5)] }),
        new TrialPromoted(At, new(0), 1, new(0, 1.25, 0, 3, 1.5) { Probability = 0.75 }),
        new ClassNoiseRecorded(At, new("cpu/2of2/avx2/16g"), "quick-abcd", [new(90, 0.02, 4, 0.25), new(270, 0.01, 6, 0.125)]),
        new TrialReleased(At, new(1), 1, new(20), ReleaseCause.Machine, "No space left on device"),
        new TrialFailed(At, new(1), new(20), FailureKind.Infeasible, "it needs 40.0 GiB"),
        new TrialEnqueued(At, Values),
        new TrialRetried(At, new(1)),
        new StudyExtended(At, 54),
        new TrialPromoted(At, new(0), 1, new(0, 1.25, 0, 3, 1.5) { Control = true }),
        new StudyWarmStarted(At, new("quick-abcd"), [new(Values, 0), new(Values.With("width", ParameterValue.Of(64L)), 0.125)]),
        new TrialPromoted(At, new(0), 1, new(0, 1.25, 0, 3, 1.5) { OutOfTurn = true }),
        new TimeLimitReached(At, new("cpu/2of2/avx2/16g"), "its time is over (2h)"),
        new TrialPaused(At, new(0), 1, new(5), 4.5, Other) { Curve = [new(1.5, 3.25)] },
        new TrialFailed(At, new(1), new(20), FailureKind.Diverged, "the loss diverged at step 7") { Curve = [new(1.5, 3.25)] },
    ];

    private static string[] First => Lines("0.1");

    private static string[] Asset => [.. First, .. Lines("0.2")];

    private static string[] Lines(string release) =>
        File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Assets", $"ledger-{release}.jsonl"));

    [Fact]
    public void What_older_releases_wrote_reads_back()
    {
        var read = Asset.Select((line, i) => EventJson.Read(i + 1, Encoding.UTF8.GetBytes(line)).Event);
        Assert.Equal(EveryKind, read);
    }

    [Fact]
    public void Events_are_still_written_the_same_way() =>
        Assert.Equal(Asset, EveryKind.Select(e => Encoding.UTF8.GetString(EventJson.Write(e))));

    [Fact]
    public void The_first_release_s_ledger_still_folds()
    {
        var state = StudyState.Replay(
            new("quick-abcd"), TestSpace.Plan,
            First.SkipLast(1).Select((line, i) => EventJson.Read(i + 1, Encoding.UTF8.GetBytes(line))));
        Assert.Equal(StudyStatus.Completed, state.Status);
        Assert.Equal(new TrialId(0), Assert.Single(state.Champions.Values).Trial);
        Assert.Equal(1, state.Failed);
    }

    [Fact]
    public void Every_kind_of_event_is_in_the_asset()
    {
        var kinds = typeof(StudyEvent).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(StudyEvent)));
        Assert.Equal(kinds.Select(k => k.Name).Order(), EveryKind.Select(e => e.GetType().Name).Distinct().Order());
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(0.1)]
    public void Scores_of_every_kind_survive(double score)
    {
        var reached = new RungReached(At, new(3), 1, new(4), 0, Result with { BitsPerByte = score });
        Assert.Equal(reached, EventJson.Read(1, EventJson.Write(reached)).Event);
    }

    [Fact]
    public void Fields_of_a_newer_release_are_passed_over()
        => Assert.Equal(
            new StudyCompleted(At),
            EventJson.Read(1, """{"event":"study_completed","mood":{"a":[1]},"at":"2026-11-23T01:02:03.456+00:00","new":1}"""u8).Event);

    [Fact]
    public void An_unknown_event_is_named_by_its_number()
    {
        var exception = Assert.Throws<LedgerCorruptException>(
            () => EventJson.Read(17, """{"event":"trial_teleported","at":"2026-11-23T01:02:03.456+00:00"}"""u8));
        Assert.Equal(17, exception.Sequence);
        Assert.Contains("event 17", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_flipped_or_cut_event_is_read_or_refused_but_never_crashes()
    {
        foreach (var bytes in EveryKind.Select(EventJson.Write))
        {
            for (var i = 0; i < bytes.Length; i++)
            {
                Refused(bytes.AsSpan(0, i).ToArray());
                var flipped = bytes.ToArray();
                flipped[i] ^= (byte)(1 << (i % 8));
                Refused(flipped, mayStillRead: true);
            }
        }
    }

    private static void Refused(byte[] bytes, bool mayStillRead = false)
    {
        var exception = Record.Exception(() => EventJson.Read(1, bytes));
        Assert.True(
            exception is LedgerCorruptException || (mayStillRead && exception is null),
            $"{Encoding.UTF8.GetString(bytes)}: {exception}");
    }
}
