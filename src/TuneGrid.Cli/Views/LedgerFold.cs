using TuneGrid.Coordination;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Studies;
using TuneGrid.Silo.Segments;

namespace TuneGrid.Cli.Views;

/// <summary>Folds a ledger that was read whole, for commands that look at its events too.</summary>
internal static class LedgerFold
{
    /// <exception cref="LedgerCorruptException">The ledger is damaged; it names the study.</exception>
    public static StudyState Of(StudyId id, IReadOnlyList<RecordedEvent> ledger) =>
        Naming(id, () => StudyState.Replay(id, SpacePlanner.Read, ledger));

    /// <summary>Returns what <paramref name="fold"/> does.</summary>
    /// <exception cref="LedgerCorruptException">The ledger is damaged; it names the study.</exception>
    public static T Naming<T>(StudyId id, Func<T> fold)
    {
        try
        {
            return fold();
        }
        catch (LedgerCorruptException fault)
        {
            throw fault.Of(id);
        }
    }
}
