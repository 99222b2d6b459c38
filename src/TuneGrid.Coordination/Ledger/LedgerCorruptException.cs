namespace TuneGrid.Coordination.Ledger;

/// <summary>A ledger holds an event that can't have happened, or can't be read: it was damaged, or a newer release wrote it.</summary>
/// <param name="sequence">The sequence number of the event.</param>
public sealed class LedgerCorruptException(long sequence, string why, Exception? inner = null)
    : Exception(FormattableString.Invariant($"the ledger is damaged at event {sequence}: {why}"), inner)
{
    /// <summary>The sequence number of the event; 1 for a study's first.</summary>
    public long Sequence { get; } = sequence;
}
