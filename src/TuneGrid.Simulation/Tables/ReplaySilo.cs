using TuneGrid.Coordination;
using TuneGrid.Coordination.Studies;
using TuneGrid.Search.Scheduling;

namespace TuneGrid.Simulation.Tables;

/// <summary>A silo in virtual time, and the segment that it has in hand.</summary>
/// <param name="Speed">Seconds of a table's training that it does in one of its own.</param>
internal sealed record ReplaySilo(SiloId Id, double Speed)
{
    /// <summary>Null while it waits.</summary>
    public ReplaySegment? Work { get; set; }

    /// <summary>False once it has gone: nobody renews its lease.</summary>
    public bool IsThere { get; set; } = true;

    public LeaseToken Token => new(Id.Value);
}

/// <summary>A segment on a silo.</summary>
/// <param name="StartedAt">In virtual seconds.</param>
/// <param name="From">The last point that was reached before; -1 for none.</param>
/// <param name="To">The point at which it ends: its rung's, or the first that has diverged.</param>
internal sealed record ReplaySegment(
    TrialId Trial, Fence Fence, RecordedCurve Curve, int From, int To, double StartedAt, double Speed)
{
    public double EndsAt => TimeOf(To);

    public bool Diverges => double.IsNaN(Curve.Scores[To]);

    /// <summary>Returns when a point of it is reached, in virtual seconds.</summary>
    public double TimeOf(int point) => StartedAt + ((Curve.Seconds[point] - (From < 0 ? 0 : Curve.Seconds[From])) / Speed);
}
