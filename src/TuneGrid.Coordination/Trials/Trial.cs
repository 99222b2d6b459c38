using TuneGrid.Search.Observations;
using TuneGrid.Search.Sampling;
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
    private readonly Dictionary<string, int> _losses = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ReleaseCause> _releases = new(StringComparer.Ordinal);
    private readonly HashSet<ArtifactHash> _artifacts = [];
    private readonly SegmentResult?[] _rungs;

    internal Trial(
        TrialId id, int numberInClass, HardwareClass hardware, Bracket bracket, Configuration configuration, string? trace)
    {
        (Id, NumberInClass, Class, Bracket, Configuration, Trace) = (id, numberInClass, hardware, bracket, configuration, trace);
        _rungs = new SegmentResult?[bracket.Rungs.Length];
    }

    /// <summary>Its place in the order of proposal within its study, from 0.</summary>
    public TrialId Id { get; }

    /// <summary>Its place in the order of proposal within its hardware class, from 0: what it was sampled and seeded from.</summary>
    public int NumberInClass { get; }

    /// <summary>The hardware class that it runs in, and is compared in.</summary>
    public HardwareClass Class { get; }

    /// <summary>The rungs that it climbs.</summary>
    public Bracket Bracket { get; }

    /// <summary>What it was sampled as.</summary>
    public Configuration Configuration { get; }

    /// <summary>W3C traceparent of the trial's span, or null.</summary>
    public string? Trace { get; }

    /// <summary>What chose its configuration; null in ledgers of releases that drew at random only.</summary>
    public ProposalReason? Why { get; internal init; }

    /// <summary>The trial whose configuration it runs again; null for one of its own.</summary>
    public TrialId? RepeatOf { get; internal init; }

    /// <summary>Where it stands.</summary>
    public TrialPhase Phase { get; internal set; } = new TrialPhase.Ready(0);

    /// <summary>Its runs so far, oldest first; only the last may still be running.</summary>
    public IReadOnlyList<Segment> Segments => _segments;

    /// <summary>Where it can go on from, oldest first; the last is where it does.</summary>
    public IReadOnlyList<Checkpoint> Checkpoints => _checkpoints;

    /// <summary>Where the trial goes on; null if it would start anew.</summary>
    public Checkpoint? LastCheckpoint => _checkpoints.Count == 0 ? null : _checkpoints[^1];

    /// <summary>Every artifact that the ledger ever named for it, also what it has lost or thrown away since.</summary>
    public IReadOnlySet<ArtifactHash> Artifacts => _artifacts;

    /// <summary>The result at each rung, null where it has none yet. A retry's result has replaced its predecessor's.</summary>
    public IReadOnlyList<SegmentResult?> Rungs => _rungs;

    /// <summary>How many silos fell silent under this trial since it last made progress, by host.</summary>
    public IReadOnlyDictionary<string, int> Losses => _losses;

    /// <summary>The hosts that could not run it since it last made progress, with the graver cause of each.</summary>
    public IReadOnlyDictionary<string, ReleaseCause> Releases => _releases;

    /// <summary>The silo that wrote the last checkpoint, and so has it at hand; null if there is none.</summary>
    public SiloId? Home => LastCheckpoint is null
        ? null
        : _segments.FindLast(s => s.End is SegmentEnd.Reached or SegmentEnd.Paused)?.Silo;

    /// <summary>Returns whether a segment on the way to this rung was thrown away because its silo was disturbed.</summary>
    internal bool WasRerun(int rung) => _segments.Exists(s => s.End == SegmentEnd.Disturbed && s.Rung == rung);

    /// <summary>True if it is completed or failed: nothing will happen to it any more.</summary>
    public bool IsOver => Phase is TrialPhase.Completed or TrialPhase.Failed;

    /// <summary>Returns whether a silo trains it now under this fence and knows the token that goes with it.</summary>
    internal bool IsHeldUnder(Fence fence, LeaseToken token) =>
        Phase is TrialPhase.Running running && running.Fence == fence && _segments[^1].Token == token;

    internal void Begin(Segment segment) => _segments.Add(segment);

    internal void End(SegmentEnd end, DateTimeOffset at, SegmentResult? result = null, ValueList<CurvePoint>? curve = null)
    {
        if (_segments.Count > 0 && _segments[^1].End == SegmentEnd.Running)
            _segments[^1] = _segments[^1] with { End = end, EndedAt = at, Result = result, Curve = result?.Curve ?? curve };
    }

    internal void Reached(int rung, SegmentResult result)
    {
        _rungs[rung] = result;
        Name(result);
        Keep(new(result.Amount, result.Checkpoint));
    }

    internal void Keep(Checkpoint checkpoint)
    {
        _checkpoints.Add(checkpoint);
        _artifacts.Add(checkpoint.Hash);
        Forgive();
    }

    /// <summary>A result speaks of its artifacts, whether it counts or not.</summary>
    internal void Name(SegmentResult result)
    {
        _artifacts.Add(result.Checkpoint);
        if (result.Model is { } model)
            _artifacts.Add(model);
    }

    internal void Lose(string host) => _losses[host] = _losses.GetValueOrDefault(host) + 1;

    internal void GiveBack(string host, ReleaseCause cause) =>
        _releases[host] = (ReleaseCause)Math.Max((int)_releases.GetValueOrDefault(host), (int)cause);

    /// <summary>Its checkpoints are deleted: it starts anew from its seed.</summary>
    internal void StartOver() => _checkpoints.Clear();

    /// <summary>It is tried again: what hosts could not do with it before is held against it no more.</summary>
    internal void Forgive()
    {
        _losses.Clear();
        _releases.Clear();
    }

    internal void Forget(ArtifactHash damaged)
    {
        var first = _checkpoints.FindIndex(c => c.Hash == damaged);
        if (first >= 0)
            _checkpoints.RemoveRange(first, _checkpoints.Count - first);
    }
}
