using TuneGrid.Coordination;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Observations;
using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;

namespace TuneGrid.Cli.Views;

internal enum TrialStatus
{
    Waiting,
    Running,

    /// <summary>It stands at a rung, and may go on.</summary>
    Paused,

    /// <summary>Its study ended before it did.</summary>
    Stopped,

    Completed,
    Failed,
}

/// <summary>One trial as people see it: a projection of the folded one.</summary>
/// <param name="isStudyOpen">Whether it may still go on.</param>
internal sealed class TrialView(Trial trial, bool isStudyOpen)
{
    public TrialId Id => trial.Id;

    public HardwareClass Class => trial.Class;

    public int Bracket => trial.Bracket.Index;

    /// <summary>The trial whose configuration it runs again, or null.</summary>
    public TrialId? RepeatOf => trial.RepeatOf;

    public Configuration Configuration => trial.Configuration;

    public TrialStatus Status { get; } = trial.Phase switch
    {
        TrialPhase.Completed => TrialStatus.Completed,
        TrialPhase.Failed => TrialStatus.Failed,
        _ when !isStudyOpen => TrialStatus.Stopped,
        TrialPhase.Running => TrialStatus.Running,
        TrialPhase.AtRung => TrialStatus.Paused,
        _ => TrialStatus.Waiting,
    };

    /// <summary>The rung it stands at or runs toward, from 0.</summary>
    public int Rung { get; } = trial.Phase switch
    {
        TrialPhase.Ready ready => ready.ToRung,
        TrialPhase.Running running => running.ToRung,
        TrialPhase.AtRung at => at.Rung,
        _ => trial.Segments.Count > 0 ? trial.Segments[^1].Rung : 0,
    };

    /// <summary>What it showed at the last rung it reached; null before the first.</summary>
    public SegmentResult? Result { get; } = trial.Rungs.LastOrDefault(r => r is not null);

    /// <summary>What was evaluated of it so far, those at rungs among them, in ascending order of amount.</summary>
    public IReadOnlyList<CurvePoint> Curve { get; } =
    [
        .. trial.Segments
            .Where(s => s.End is SegmentEnd.Reached or SegmentEnd.Paused or SegmentEnd.Failed)
            .SelectMany(s => (s.Curve ?? []).Concat(s.Result is { } r ? [new CurvePoint(r.Amount, r.BitsPerByte)] : []))
            .OrderBy(p => p.Amount),
    ];

    /// <summary>Whether it may still go on.</summary>
    public bool IsOpen => Status is TrialStatus.Waiting or TrialStatus.Running or TrialStatus.Paused;

    public int Segments => trial.Segments.Count;

    /// <summary>Silos of one host that fell silent under it since it last made progress.</summary>
    public int Losses { get; } = trial.Losses.Values.DefaultIfEmpty().Max();

    /// <summary>Segments thrown away and run again because their silo was disturbed.</summary>
    public int Reruns { get; } = trial.Segments.Count(s => s.End == SegmentEnd.Disturbed);

    /// <summary>Over all its finished segments, joules; null where no silo could measure it.</summary>
    public double? Joules { get; } = trial.Segments.Any(s => s is { End: SegmentEnd.Reached, Result.Joules: not null })
        ? trial.Segments.Sum(s => s is { End: SegmentEnd.Reached, Result.Joules: { } joules } ? joules : 0)
        : null;

    /// <summary>The silo that trains it, or null.</summary>
    public SiloId? Silo { get; } = (trial.Phase as TrialPhase.Running)?.Silo;

    /// <summary>Why it failed, or empty.</summary>
    public string Failure { get; } = trial.Phase is TrialPhase.Failed failed
        ? $"{failed.Kind.ToString().ToLowerInvariant()}: {failed.Reason}"
        : "";

    /// <summary>Whether a result of a disturbed silo was kept.</summary>
    public bool IsDisturbed => trial.Rungs.Any(r => r is { Disturbed: true });

    /// <summary>
    /// Rungs it was sent to, with their amount, which is what tells rungs of different brackets apart, and what became of it there.
    /// </summary>
    public IEnumerable<RungVisit> Visits => trial.Segments.DistinctBy(s => s.Rung)
        .Select(s => new RungVisit(s.ToAmount, s.Rung < Highest, trial.Rungs[s.Rung] is { Disturbed: true }));

    /// <summary>Returns whether it started from its seed once more after the segment with this fence, or will.</summary>
    public bool BeginsAnewAfter(Fence fence)
    {
        var next = trial.Segments.FirstOrDefault(s => s.Fence.Value > fence.Value);
        return (next?.FromAmount ?? trial.LastCheckpoint?.Amount ?? 0) == 0;
    }

    private int Highest => Math.Max(Rung, trial.Segments.Count > 0 ? trial.Segments.Max(s => s.Rung) : 0);
}

/// <param name="Amount">In budget units.</param>
/// <param name="Promoted">It went on from there.</param>
/// <param name="Disturbed">Its score there came from a disturbed silo.</param>
internal readonly record struct RungVisit(double Amount, bool Promoted, bool Disturbed);
