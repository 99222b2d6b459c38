using Microsoft.Data.Sqlite;
using TuneGrid.Coordination;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Scheduling;

namespace TuneGrid.Storage.Sqlite;

internal sealed partial class SqliteStudyStore
{
    // This machine's clock may have been wrong when a lease was granted: what lasts longer than it was granted for is cut to that from now.
    private const string CutLeases = "UPDATE leases SET expires_at = ?1 + length WHERE study = ?2 AND expires_at > ?1 + length";
    private const string CutSilos = "UPDATE silos SET last_seen = ?1 WHERE last_seen > ?1";

    /// <summary>Another process may have written since this one looked at its clock.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(1);

    public async ValueTask<IReadOnlyList<Lease>> LeasesAsync(StudyId study, CancellationToken cancellation)
    {
        var now = _clock.GetUtcNow();
        var rows = await ReadLeasesAsync(study, now, cancellation);
        if (rows.Exists(r => r.Left > r.Length + ClockTolerance))
        {
            await WriteAsync(session => session.Run(CutLeases, now.UtcTicks, study.Value), cancellation);
            rows = await ReadLeasesAsync(study, now, cancellation);
        }
        // A trial's number that is none belongs to no lease.
        return [.. rows.Select(r => r.Lease).Where(l => l.Trial.Number >= 0)];
    }

    // An expired lease is not renewed even if nobody took it yet: the silo slept, and somebody may be deciding so right now.
    public ValueTask<LeaseRenewal> RenewAsync(
        StudyId study, TrialId trial, Fence fence, TimeSpan timeToLive, SegmentProgress? progress, CancellationToken cancellation) =>
        WriteAsync(session =>
        {
            var now = _clock.GetUtcNow();
            return session.Scalar(
                """
                UPDATE leases SET expires_at = ?6 + ?1, length = ?1, progress = coalesce(?2, progress)
                WHERE study = ?3 AND trial = ?4 AND fence = ?5 AND expires_at > ?6 RETURNING pause
                """,
                timeToLive.Ticks, progress is null ? null : StoreJson.Write(progress), study.Value, trial.Number, fence.Value,
                now.UtcTicks) switch
            {
                null => LeaseRenewal.Lost,
                0L => LeaseRenewal.Held,
                _ => LeaseRenewal.PauseRequested,
            };
        }, cancellation);

    private ValueTask<List<(Lease Lease, TimeSpan Left, TimeSpan Length)>> ReadLeasesAsync(
        StudyId study, DateTimeOffset now, CancellationToken cancellation) =>
        ReadAsync(
            session => session.Query(
                "SELECT trial, fence, silo, expires_at, progress, length FROM leases WHERE study = ?1 ORDER BY trial",
                r => ReadLease(r, now),
                study.Value),
            cancellation);

    private static (Lease Lease, TimeSpan Left, TimeSpan Length) ReadLease(SqliteDataReader row, DateTimeOffset now)
    {
        var expires = Time(row.GetInt64(3));
        var progress = row.IsDBNull(4) ? null : StoreJson.ReadProgress(row.GetString(4));
        var lease = new Lease(new(row.GetInt32(0)), new(row.GetInt64(1)), new(row.GetString(2)), expires, expires <= now, progress);
        return (lease, expires - now, new(Math.Clamp(row.GetInt64(5), 0, TimeSpan.TicksPerDay)));
    }

    /// <summary>
    /// A flipped byte may give a time that is none; the row then reads as long expired, and the trial is simply leased again.
    /// </summary>
    private static DateTimeOffset Time(long ticks) =>
        ticks >= 0 && ticks <= DateTimeOffset.MaxValue.UtcTicks ? new(ticks, TimeSpan.Zero) : DateTimeOffset.MinValue;

    private void ApplyLeases(SqliteSession session, Commit commit)
    {
        foreach (var change in commit.Leases)
        {
            if (change is LeaseChange.RequestPause)
            {
                session.Run("UPDATE leases SET pause = 1 WHERE study = ?1 AND trial = ?2", commit.Study.Value, change.Trial.Number);
            }
            else if (change is LeaseChange.Grant grant)
            {
                session.Run(
                    "INSERT OR REPLACE INTO leases (study, trial, fence, silo, expires_at, length) VALUES (?1, ?2, ?3, ?4, ?5 + ?6, ?6)",
                    commit.Study.Value,
                    grant.Trial.Number,
                    grant.Fence.Value,
                    grant.Silo.Value,
                    _clock.GetUtcNow().UtcTicks,
                    grant.TimeToLive.Ticks);
            }
            else
            {
                session.Run("DELETE FROM leases WHERE study = ?1 AND trial = ?2", commit.Study.Value, change.Trial.Number);
            }
        }
    }
}
