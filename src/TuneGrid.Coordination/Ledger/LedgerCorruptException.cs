namespace TuneGrid.Coordination.Ledger;

/// <summary>
/// A study can't be used: its header or an event of it was damaged, can't have happened, or was written by a newer release. The other
/// studies of its store are not concerned.
/// </summary>
public sealed class LedgerCorruptException : Exception
{
    // Among the data, which travel between silos along with the message.
    private const string StudyKey = "study";
    private const string Restore = "restore the store from a backup; the other studies go on without this one";

    /// <summary>What a ledger's reader finds that does not know whose it is.</summary>
    /// <param name="sequence">The sequence number of the event.</param>
    public LedgerCorruptException(long sequence, string why, Exception? inner = null)
        : base(Where(sequence) + why, inner) => Sequence = sequence;

    /// <param name="sequence">The sequence number of the event; 0 for the study's header.</param>
    /// <param name="mend">What to do.</param>
    public LedgerCorruptException(StudyId study, long sequence, string why, string mend, Exception? inner = null)
        : base($"study {study}: {Where(sequence)}{why}; {mend}", inner) => (Data[StudyKey], Sequence) = (study.Value, sequence);

    private LedgerCorruptException(StudyId study, LedgerCorruptException nameless)
        : base($"study {study}: {nameless.Message}; {Restore}", nameless) =>
        (Data[StudyKey], Sequence) = (study.Value, nameless.Sequence);

    /// <summary>Whose ledger it is; null where the message does not name it.</summary>
    public StudyId? Study => Data[StudyKey] is string study ? new(study) : null;

    /// <summary>The sequence number of the event; 1 for a study's first, 0 for its header.</summary>
    public long Sequence { get; }

    /// <summary>Returns this very exception if it names its study, otherwise one that does and says what to do.</summary>
    public LedgerCorruptException Of(StudyId study) => Study is null ? new(study, this) : this;

    private static string Where(long sequence) => sequence == 0
        ? "its header is damaged: "
        : FormattableString.Invariant($"the ledger is damaged at event {sequence}: ");
}
