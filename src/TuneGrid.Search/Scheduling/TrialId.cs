namespace TuneGrid.Search.Scheduling;

/// <summary>A trial's number within its study, from 0 in the order of proposal.</summary>
public readonly record struct TrialId(int Number) : IComparable<TrialId>
{
    /// <summary>Orders trials by number.</summary>
    public int CompareTo(TrialId other) => Number.CompareTo(other.Number);

    /// <summary>Returns for example <c>t7</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"t{Number}");
}
