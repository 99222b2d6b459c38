namespace TuneGrid.Search.Scheduling;

/// <summary>A trial's number within its study, from 0 in the order of proposal.</summary>
public readonly record struct TrialId(int Number) : IComparable<TrialId>
{
    public int CompareTo(TrialId other) => Number.CompareTo(other.Number);

    public override string ToString() => FormattableString.Invariant($"t{Number}");
}
