using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;

namespace TuneGrid.Coordination.Trials;

/// <summary>A place a trial can go on from.</summary>
/// <param name="Amount">Spent when it was written, in budget units.</param>
public sealed record Checkpoint(double Amount, ArtifactHash Hash);

/// <summary>One trial as the ledger tells it so far. Only the fold changes it.</summary>
public sealed class Trial
{
    private readonly List<Segment> _segments = [];
    private readonly List<Checkpoint> _checkpoints = [];
    private readonly HashSet<SiloId> _lostOn = [];
    private readonly SegmentResult?[] _rungs;

    internal Trial(TrialId id, int numberInClass, HardwareClass hardware, Bracket bracket, Configuration configuration, DateTimeOffset proposedAt, string? trace)
    {
        (Id, NumberInClass, Class, Bracket, Configuration, ProposedAt, Trace) = (id, numberInClass, hardware, bracket, configuration, proposedAt, trace);
        _rungs = new SegmentResult?[bracket.Rungs.Length];
    }

    public TrialId Id { get; }

    /// <summary>Its place in the order of proposal within its hardware class: what it was sampled and seeded from.</summary>
    public int NumberInClass { get; }

    public HardwareClass Class { get; }

    public Bracket Bracket { get; }

    public Configuration Configuration { get; }

    public DateTimeOffset ProposedAt { get; }

    /// <summary>W3C traceparent of the trial's span, or null.</summary>
    public string? Trace { get; }

    public TrialPhase Phase { get; internal set; } = new TrialPhase.Ready(0);

    public IReadOnlyList<Segment> Segments => _segments;

    /// <summary>Oldest first; the last is where the trial goes on.</summary>
    public IReadOnlyList<Checkpoint> Checkpoints => _checkpoints;

    public Checkpoint? LastCheckpoint => _checkpoints.Count == 0 ? null : _checkpoints[^1];

    /// <summary>The result at each rung, null where it has none yet. A retry's result has replaced its predecessor's.</summary>
    public IReadOnlyList<SegmentResult?> Rungs => _rungs;

    /// <summary>The silos that fell silent under this trial since it last made progress.</summary>
    public IReadOnlySet<SiloId> LostOn => _lostOn;

    /// <summary>Whether a segment on the way to this rung was thrown away because its silo was disturbed.</summary>
    public bool WasRerun(int rung) => _segments.Exists(s => s.End == SegmentEnd.Disturbed && s.Rung == rung);

    public bool IsOver => Phase is TrialPhase.Completed or TrialPhase.Failed;

    internal void Begin(Segment segment) => _segments.Add(segment);

    internal void End(SegmentEnd end, SegmentResult? result = null)
    {
        if (_segments.Count > 0 && _segments[^1].End == SegmentEnd.Running)
            _segments[^1] = _segments[^1] with { End = end, Result = result };
    }

    internal void Reached(int rung, SegmentResult result)
    {
        _rungs[rung] = result;
        Keep(new(result.Amount, result.Checkpoint));
    }

    internal void Keep(Checkpoint checkpoint)
    {
        _checkpoints.Add(checkpoint);
        _lostOn.Clear();
    }

    internal void Lose(SiloId silo) => _lostOn.Add(silo);

    internal void Forget(ArtifactHash damaged)
    {
        var first = _checkpoints.FindIndex(c => c.Hash == damaged);
        if (first >= 0)
            _checkpoints.RemoveRange(first, _checkpoints.Count - first);
    }
}
