using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Space;
using TuneGrid.Simulation;

namespace TuneGrid.Coordination.Tests.Studies;

/// <summary>A study in memory, driven by hand: ask, report, expire.</summary>
internal sealed class Grid
{
    public static readonly HardwareClass Class = new("class-a");
    private readonly List<RecordedEvent> _ledger = [];
    private int _artifacts;

    public Grid(
        string space, DisturbancePolicy disturbance = DisturbancePolicy.Accept, Func<SearchPlan, SearchPlan>? plan = null)
    {
        State = new(new("test-aaaa"), json => plan is null ? TestSpace.Plan(json) : plan(TestSpace.Plan(json)));
        Append([new StudyCreated(Now, "test", space, TestSpace.Corpus, null, disturbance)]);
    }

    public StudyState State { get; }

    /// <summary>The store's clock.</summary>
    public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public IReadOnlyList<RecordedEvent> Ledger => _ledger;

    /// <summary>Classes with a living silo, and the most memory that one may use.</summary>
    public Dictionary<HardwareClass, long> Living { get; } = new() { [Class] = long.MaxValue };

    /// <summary>What each silo says of itself beside its name.</summary>
    public Func<WorkOffer, WorkOffer> Describe { get; set; } = offer => offer;

    public void Append(IEnumerable<StudyEvent> events)
    {
        foreach (var change in events)
        {
            var recorded = new RecordedEvent(State.Sequence + 1, change);
            State.Apply(recorded);
            _ledger.Add(recorded);
        }
    }

    public WorkDecision Decide(string silo, HardwareClass? hardware = null, params Lease[] leases)
    {
        var offer = new WorkOffer(new(silo), hardware ?? Class, Now, TimeSpan.FromSeconds(30), leases, Living, Token(silo));
        return Coordinator.Decide(State, Describe(offer));
    }

    public WorkDecision.Run Take(string silo, HardwareClass? hardware = null)
    {
        var run = Assert.IsType<WorkDecision.Run>(Decide(silo, hardware));
        Append(run.Events);
        return run;
    }

    public ReportDecision Report(WorkDecision.Run run, SegmentOutcome outcome)
    {
        var report = Coordinator.Report(State, run.Trial, run.Fence, TokenOf(run), outcome, Now);
        if (report is ReportDecision.Record record)
            Append(record.Events);
        return report;
    }

    public ReportDecision Reach(WorkDecision.Run run, double score, bool disturbed = false) =>
        Report(run, new SegmentOutcome.Reached(Result(run, score) with { Disturbed = disturbed }));

    public void Expire(WorkDecision.Run run, string askedBy = "other")
    {
        var silo = State.Trial(run.Trial).Segments[^1].Silo;
        Append(Assert.IsType<WorkDecision.Record>(Decide(askedBy, null, new Lease(run.Trial, run.Fence, silo, Now, true, null))).Events);
    }

    /// <summary>What a silo of this name draws.</summary>
    public static LeaseToken Token(string silo) => new($"token of {silo}");

    public LeaseToken TokenOf(WorkDecision.Run run) => State.Trial(run.Trial).Segments.Single(s => s.Fence == run.Fence).Token!.Value;

    public ArtifactHash Artifact() => new(FormattableString.Invariant($"{_artifacts++:x64}"));

    private SegmentResult Result(WorkDecision.Run run, double score)
    {
        var amount = State.Trial(run.Trial).Segments[^1].ToAmount;
        return new(score, 1, amount, amount, 1, 1, 1, 1, score, Artifact(), Artifact());
    }
}
