using Microsoft.Data.Sqlite;
using TuneGrid.Coordination.Ledger;

namespace TuneGrid.Storage.Sqlite;

/// <summary>What SQLite's result codes mean for a person, always with the file's name.</summary>
internal static class SqliteFaults
{
    private const int Error = 1, Perm = 3, Busy = 5, Locked = 6, ReadOnly = 8;
    private const int IoError = 10, Corrupt = 11, Full = 13, CannotOpen = 14, NotADatabase = 26;

    public static Exception Translate(SqliteException fault, string file) => fault.SqliteErrorCode switch
    {
        Busy or Locked => new StoreUnavailableException($"the store {file} is busy: another process holds its lock; try again", fault),
        ReadOnly or Perm => Unusable(fault, $"the store {file} can't be written: give this user write access to the file and its folder"),
        Full => Unusable(
            fault, $"the disk is full: the store {file} could not be written; nothing stored is lost; free some space and go on"),
        IoError => Unusable(
            fault,
            $"the disk failed or is full while the store {file} was read or written ({fault.Message}); "
                + "check the disk and its free space"),
        CannotOpen => Unusable(
            fault, $"the store {file} can't be opened: check that its folder exists and that this user may read and write there"),
        NotADatabase => Unusable(
            fault, $"{file} is not a TuneGrid store (not an SQLite database): choose another --store, or restore it from a backup"),
        // A statement that fails as "SQL logic error" on our own schema means that the schema is not what it was.
        Corrupt or Error => Damaged(file, fault.Message, fault),
        _ => Unusable(fault, $"the store {file} failed: {fault.Message}"),
    };

    public static StoreUnusableException Damaged(string file, string what, Exception? inner = null) =>
        new(
            $"the store {file} is damaged: {what}; stop all silos and restore it from a backup, "
                + $"or save what can be read with 'sqlite3 {file} .recover'",
            inner);

    private static StoreUnusableException Unusable(SqliteException fault, string message) => new(message, fault);
}
