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
    public ValueTask<IReadOnlyList<Lease>> LeasesAsync(StudyId study, CancellationToken cancellation) =>
        QueryAsync(
            """
            SELECT trial, fence, silo, expires_at, expires_at <= clock_timestamp(), progress
            FROM tunegrid.leases WHERE study = $1 ORDER BY trial
            """,
            r => new Lease(
                new(r.GetInt32(0)), new(r.GetInt64(1)), new(r.GetString(2)), r.GetFieldValue<DateTimeOffset>(3), r.GetBoolean(4),
                r.IsDBNull(5) ? null : StoreJson.ReadProgress(r.GetString(5))),
            cancellation, study.Value);

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
                UPDATE tunegrid.leases SET expires_at = clock_timestamp() + $1, progress = coalesce($2::text, progress)
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

    public ValueTask<IReadOnlyList<SiloRow>> SilosAsync(CancellationToken cancellation) =>
        QueryAsync(
            "SELECT description, last_seen, drain, drain_now FROM tunegrid.silos ORDER BY silo COLLATE \"C\"",
            r => new SiloRow(
                StoreJson.ReadSilo(r.GetString(0)) ?? throw Damaged("a silo's row was changed"), r.GetFieldValue<DateTimeOffset>(1),
                Request(r.GetBoolean(2), r.GetBoolean(3))),
            cancellation);

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
