using TuneGrid.Coordination;
using TuneGrid.Coordination.Silos;

namespace TuneGrid.Storage.Sqlite;

internal sealed partial class SqliteStudyStore
{
    public ValueTask<bool> AnnounceAsync(SiloDescription silo, CancellationToken cancellation) =>
        WriteAsync(session => session.Scalar(
            """
            INSERT INTO silos (silo, description, last_seen, drain) VALUES (?1, ?2, ?3, 0)
            ON CONFLICT (silo) DO UPDATE SET description = excluded.description, last_seen = excluded.last_seen RETURNING drain
            """,
            silo.Id.Value, StoreJson.Write(silo), _clock.GetUtcNow().UtcTicks) is not 0L, cancellation);

    public async ValueTask DepartAsync(SiloId silo, CancellationToken cancellation) =>
        await WriteAsync(session => session.Run("DELETE FROM silos WHERE silo = ?1", silo.Value), cancellation);

    public ValueTask<IReadOnlyList<SiloRow>> SilosAsync(CancellationToken cancellation) =>
        ReadAsync<IReadOnlyList<SiloRow>>(session => session.Query(
            "SELECT description, last_seen, drain FROM silos ORDER BY silo",
            r => new SiloRow(StoreJson.ReadSilo(r.GetString(0)) ?? throw Damaged("a silo's row was changed"), Time(r.GetInt64(1)), r.GetInt64(2) != 0)), cancellation);

    public ValueTask<bool> RequestDrainAsync(SiloId silo, CancellationToken cancellation) =>
        WriteAsync(session => session.Run("UPDATE silos SET drain = 1 WHERE silo = ?1", silo.Value) == 1, cancellation);
}
