using TuneGrid.Coordination;
using TuneGrid.Coordination.Silos;

namespace TuneGrid.Storage.Sqlite;

internal sealed partial class SqliteStudyStore
{
    // The column "drain" holds a DrainRequest; releases before the third one wrote 0 and 1 alone.
    public ValueTask<DrainRequest> AnnounceAsync(SiloDescription silo, CancellationToken cancellation) =>
        WriteAsync(session => Request((long?)session.Scalar(
            """
            INSERT INTO silos (silo, description, last_seen, drain) VALUES (?1, ?2, ?3, 0)
            ON CONFLICT (silo) DO UPDATE SET description = excluded.description, last_seen = excluded.last_seen RETURNING drain
            """,
            silo.Id.Value, StoreJson.Write(silo), _clock.GetUtcNow().UtcTicks) ?? 0), cancellation);

    public async ValueTask DepartAsync(SiloId silo, CancellationToken cancellation) =>
        await WriteAsync(session => session.Run("DELETE FROM silos WHERE silo = ?1", silo.Value), cancellation);

    public async ValueTask<IReadOnlyList<SiloRow>> SilosAsync(CancellationToken cancellation)
    {
        var now = _clock.GetUtcNow();
        var silos = await ReadSilosAsync(cancellation);
        if (silos.Exists(s => s.LastSeen - now > ClockTolerance))
        {
            await WriteAsync(session => session.Run(CutSilos, now.UtcTicks), cancellation);
            silos = await ReadSilosAsync(cancellation);
        }
        return silos;
    }

    public ValueTask<bool> RequestDrainAsync(SiloId silo, DrainRequest request, CancellationToken cancellation) => WriteAsync(
        session => session.Run("UPDATE silos SET drain = max(drain, ?2) WHERE silo = ?1", silo.Value, (int)request) == 1, cancellation);

    private ValueTask<List<SiloRow>> ReadSilosAsync(CancellationToken cancellation) =>
        ReadAsync(
            session => session.Query(
                "SELECT silo, description, last_seen, drain FROM silos ORDER BY silo",
                r => StoreJson.ReadSilo(r.GetString(0), r.GetString(1), Time(r.GetInt64(2)), Request(r.GetInt64(3)))),
            cancellation);

    private static DrainRequest Request(long value) => value switch
    {
        0 => DrainRequest.None,
        1 => DrainRequest.AfterSegment,
        _ => DrainRequest.Now,
    };
}
