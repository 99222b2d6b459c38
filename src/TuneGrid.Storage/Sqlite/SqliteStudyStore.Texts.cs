namespace TuneGrid.Storage.Sqlite;

internal sealed partial class SqliteStudyStore : ISharedTexts
{
    ValueTask<SharedText> ISharedTexts.ReadAsync(string name, CancellationToken cancellation) =>
        ReadAsync(
            session => session.Query(
                "SELECT version, body FROM shared_texts WHERE name = ?1", r => new SharedText(r.GetInt64(0), r.GetString(1)), name)
                .FirstOrDefault(new SharedText(0, "")),
            cancellation);

    public ValueTask<bool> TryWriteAsync(string name, long expectedVersion, string text, CancellationToken cancellation) =>
        WriteAsync(
            session => 1 == (expectedVersion == 0
                ? session.Run("INSERT INTO shared_texts (name, version, body) VALUES (?1, 1, ?2) ON CONFLICT DO NOTHING", name, text)
                : session.Run(
                    "UPDATE shared_texts SET version = version + 1, body = ?3 WHERE name = ?1 AND version = ?2",
                    name,
                    expectedVersion,
                    text)),
            cancellation);
}
