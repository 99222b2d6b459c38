namespace TuneGrid.Storage.Postgres;

internal sealed partial class PostgresStudyStore : ISharedTexts
{
    async ValueTask<SharedText> ISharedTexts.ReadAsync(string name, CancellationToken cancellation) =>
        (await QueryAsync(
            "SELECT version, body FROM tunegrid.shared_texts WHERE name = $1",
            r => new SharedText(r.GetInt64(0), r.GetString(1)),
            cancellation,
            name))
            .FirstOrDefault(new SharedText(0, ""));

    public ValueTask<bool> TryWriteAsync(string name, long expectedVersion, string text, CancellationToken cancellation) =>
        expectedVersion == 0
            ? ChangeAsync(
                "INSERT INTO tunegrid.shared_texts (name, version, body) VALUES ($1, 1, $2) ON CONFLICT DO NOTHING",
                cancellation,
                name,
                text)
            : ChangeAsync(
                "UPDATE tunegrid.shared_texts SET version = version + 1, body = $3 WHERE name = $1 AND version = $2",
                cancellation,
                name,
                expectedVersion,
                text);
}
