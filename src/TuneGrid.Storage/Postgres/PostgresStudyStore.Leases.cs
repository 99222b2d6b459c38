using Npgsql;
using TuneGrid.Coordination;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Silos;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Scheduling;

namespace TuneGrid.Storage.Postgres;

// Times are the database's: the clocks of laptops don't agree. Each of these calls may run twice with the same end, so all of them are
// retried.
internal sealed partial class PostgresStudyStore
{
    // The server's clock may have been wrong when a lease was granted: what lasts longer than it was granted for is cut to that from now.
    private const string CutLeases =
        "UPDATE tunegrid.leases SET expires_at = clock_timestamp() + length WHERE study = $1 AND expires_at > clock_timestamp() + length";

    // Times without end, which a person may have written, are brought near: the provider knows them not, and they are cut all the same.
    private const string SelectLeases =
        """
        SELECT trial, fence, silo, least(greatest(expires_at, '2000-01-01'), clock_timestamp() + interval '1 day'),
          expires_at <= clock_timestamp(), progress, expires_at > clock_timestamp() + length
        FROM tunegrid.leases WHERE study = $1 AND trial >= 0 ORDER BY trial
        """;

    public async ValueTask<IReadOnlyList<Lease>> LeasesAsync(StudyId study, CancellationToken cancellation)
    {
        var rows = await QueryAsync(SelectLeases, ReadLease, cancellation, study.Value);
        if (rows.Any(r => r.IsTooLong))
        {
            await ChangeAsync(CutLeases, cancellation, study.Value);
            rows = await QueryAsync(SelectLeases, ReadLease, cancellation, study.Value);
        }
        return [.. rows.Select(r => r.Lease)];
    }

    private static (Lease Lease, bool IsTooLong) ReadLease(NpgsqlDataReader row) => (
        new Lease(
            new(row.GetInt32(0)), new(row.GetInt64(1)), new(row.GetString(2)), row.GetFieldValue<DateTimeOffset>(3), row.GetBoolean(4),
            row.IsDBNull(5) ? null : StoreJson.ReadProgress(row.GetString(5))),
        row.GetBoolean(6));

    // An expired lease is not renewed even if nobody took it yet: the silo slept, and somebody may be deciding so right now. A heartbeat
    // does not wait for the disk: a crash of the server may take the last half second of renewals back, and each is renewed again well
    // before it runs out.
    public ValueTask<LeaseRenewal> RenewAsync(
        StudyId study, TrialId trial, Fence fence, TimeSpan timeToLive, SegmentProgress? progress, CancellationToken cancellation) =>
        _connections.RepeatAsync(async (connection, token) =>
        {
            await using var renew = Command(
                connection,
                """
                UPDATE tunegrid.leases SET expires_at = clock_timestamp() + $1, length = $1, progress = coalesce($2::text, progress)
                WHERE study = $3 AND trial = $4 AND fence = $5 AND expires_at > clock_timestamp()
                  AND set_config('synchronous_commit', 'off', true) = 'off' RETURNING pause
                """,
                timeToLive, progress is null ? DBNull.Value : StoreJson.Write(progress), study.Value, trial.Number, fence.Value);
            return await renew.ExecuteScalarAsync(token) switch
            {
                false => LeaseRenewal.Held,
                true => LeaseRenewal.PauseRequested,
                _ => LeaseRenewal.Lost,
            };
        }, cancellation);

    public ValueTask<DrainRequest> AnnounceAsync(SiloDescription silo, CancellationToken cancellation) =>
        _connections.RepeatAsync(async (connection, token) =>
        {
            await using var announce = Command(
                connection,
                """
                INSERT INTO tunegrid.silos (silo, description, last_seen) VALUES ($1, $2, clock_timestamp())
                ON CONFLICT (silo) DO UPDATE SET description = excluded.description, last_seen = excluded.last_seen 
                RETURNING drain, drain_now
                """,
                silo.Id.Value, StoreJson.Write(silo));
            await using var row = await announce.ExecuteReaderAsync(token);
            return await row.ReadAsync(token) ? Request(row.GetBoolean(0), row.GetBoolean(1)) : DrainRequest.None;
        }, cancellation);

    public async ValueTask DepartAsync(SiloId silo, CancellationToken cancellation) =>
        await ChangeAsync("DELETE FROM tunegrid.silos WHERE silo = $1", cancellation, silo.Value);

    public async ValueTask<IReadOnlyList<SiloRow>> SilosAsync(CancellationToken cancellation)
    {
        var rows = await QueryAsync(SelectSilos, ReadSilo, cancellation);
        if (rows.Any(r => r.IsAhead))
        {
            await ChangeAsync("UPDATE tunegrid.silos SET last_seen = clock_timestamp() WHERE last_seen > clock_timestamp()", cancellation);
            rows = await QueryAsync(SelectSilos, ReadSilo, cancellation);
        }
        return [.. rows.Select(r => r.Silo)];
    }

    private const string SelectSilos =
        """
        SELECT silo, description, least(greatest(last_seen, '2000-01-01'), clock_timestamp()), drain, drain_now,
          last_seen > clock_timestamp()
        FROM tunegrid.silos ORDER BY silo COLLATE "C"
        """;

    private static (SiloRow Silo, bool IsAhead) ReadSilo(NpgsqlDataReader row) => (
        StoreJson.ReadSilo(
            row.GetString(0), row.GetString(1), row.GetFieldValue<DateTimeOffset>(2), Request(row.GetBoolean(3), row.GetBoolean(4))),
        row.GetBoolean(5));

    public ValueTask<bool> RequestDrainAsync(SiloId silo, DrainRequest request, CancellationToken cancellation) => ChangeAsync(
        "UPDATE tunegrid.silos SET drain = drain OR $2, drain_now = drain_now OR $3 WHERE silo = $1",
        cancellation, silo.Value, request != DrainRequest.None, request == DrainRequest.Now);

    private static DrainRequest Request(bool isAsked, bool isNow) =>
        isNow ? DrainRequest.Now : isAsked ? DrainRequest.AfterSegment : DrainRequest.None;

    /// <summary>Whether the statement changed a row.</summary>
    private ValueTask<bool> ChangeAsync(string sql, CancellationToken cancellation, params object[] parameters) =>
        _connections.RepeatAsync(async (connection, token) =>
        {
            await using var command = Command(connection, sql, parameters);
            return await command.ExecuteNonQueryAsync(token) > 0;
        }, cancellation);
}
