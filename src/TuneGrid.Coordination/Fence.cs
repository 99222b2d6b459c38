namespace TuneGrid.Coordination;

/// <summary>The growing number that goes with a lease: the ledger sequence of its <c>SegmentLeased</c> event. A result under an old fence is refused.</summary>
public readonly record struct Fence(long Value)
{
    public override string ToString() => FormattableString.Invariant($"#{Value}");
}
