using TuneGrid.Search.Space;

namespace TuneGrid.Search.Observations;

/// <summary>Where a trial stands, as a sampler sees it.</summary>
public enum ObservationStatus
{
    /// <summary>It runs, or waits for a silo, toward its next rung.</summary>
    Running,

    /// <summary>It waits at a rung, perhaps for ever.</summary>
    Paused,

    /// <summary>It was trained for the whole budget.</summary>
    Completed,

    /// <summary>It ended without reaching its next rung.</summary>
    Failed,
}

/// <summary>What a failure says about the configuration.</summary>
public enum FailureCause
{
    /// <summary>The training diverged: its neighbours probably do so too.</summary>
    Diverged,

    /// <summary>It needs more memory than the hardware class has.</summary>
    Infeasible,

    /// <summary>The trainer refused it or broke on it.</summary>
    Refused,

    /// <summary>Nothing: silos were lost, or a person ended it.</summary>
    Unrelated,
}

/// <summary>One evaluation of a trial.</summary>
/// <param name="Amount">Spent when it was made, in budget units; for a rung its nominal amount.</param>
/// <param name="Score">Lower is better; never NaN.</param>
public readonly record struct CurvePoint(double Amount, double Score);

/// <summary>One trial of a hardware class as far as a sampler may know it. Only <see cref="SearchHistory"/> changes it.</summary>
public sealed class Observation
{
    private readonly List<CurvePoint> _rungs = [];
    private readonly List<CurvePoint> _curve = [];

    internal Observation(int trial, Configuration configuration, int? repeatOf) =>
        (Trial, Configuration, RepeatOf) = (trial, configuration, repeatOf);

    /// <summary>Its number within the study, from 0.</summary>
    public int Trial { get; }

    /// <summary>What it was proposed as.</summary>
    public Configuration Configuration { get; }

    /// <summary>The trial whose configuration it runs again on a fresh seed; null for a configuration of its own.</summary>
    public int? RepeatOf { get; }

    /// <summary>Where it stands.</summary>
    public ObservationStatus Status { get; internal set; }

    /// <summary>Why it failed; null unless it did.</summary>
    public FailureCause? Failure { get; internal set; }

    /// <summary>Its score at each rung that it reached, in ascending order of amount.</summary>
    public IReadOnlyList<CurvePoint> Rungs => _rungs;

    /// <summary>Every evaluation, those at rungs among them, in ascending order of amount.</summary>
    public IReadOnlyList<CurvePoint> Curve => _curve;

    internal void Reached(double amount, double score, IEnumerable<CurvePoint> within)
    {
        Evaluated(within.Where(p => p.Amount < amount));
        Insert(_curve, new(amount, score));
        Insert(_rungs, new(amount, score));
    }

    internal void Evaluated(IEnumerable<CurvePoint> points)
    {
        foreach (var point in points.Where(p => double.IsFinite(p.Score)))
            Insert(_curve, point);
    }

    /// <summary>A repeated report replaces the earlier one.</summary>
    private static void Insert(List<CurvePoint> points, CurvePoint point)
    {
        var at = points.FindLastIndex(p => p.Amount <= point.Amount);
        if (at >= 0 && points[at].Amount.Equals(point.Amount))
            points[at] = point;
        else
            points.Insert(at + 1, point);
    }
}
