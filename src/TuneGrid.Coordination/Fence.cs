namespace TuneGrid.Coordination;

/// <summary>The growing number that goes with a lease: a result under an old fence is refused.</summary>
/// <param name="Value">The ledger sequence of the lease's <c>SegmentLeased</c> event.</param>
public readonly record struct Fence(long Value)
{
    /// <summary>Returns the number after a hash sign: <c>#17</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"#{Value}");
}
