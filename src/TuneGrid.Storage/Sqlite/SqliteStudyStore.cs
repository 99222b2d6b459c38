using Microsoft.Data.Sqlite;
using TuneGrid.Coordination;
using TuneGrid.Coordination.Json;
using TuneGrid.Coordination.Ledger;

namespace TuneGrid.Storage.Sqlite;

/// <summary>
/// The ledger in one SQLite file, shared by every process of a machine. WAL, so that readers never wait; synchronous = FULL, so that a
/// commit that returned survives a power cut too, not only a kill. One connection writes and one reads, each by one caller at a time.
/// </summary>
internal sealed partial class SqliteStudyStore : IStudyStore
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>How long a call waits for other processes before it says that the store is busy.</summary>
    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(10);

    /// <summary>
    /// SQLite's own wait; the rest is ours, in short random steps. SQLite's grow to 100 ms, and a busy store starves whoever sleeps that
    /// long.
    /// </summary>
    private static readonly TimeSpan WriterBusyTimeout = TimeSpan.FromMilliseconds(10);

    // Cut to 40 bits: a header that was damaged must not make the sum overflow, nor end the waiting of others.
    private const string CountEvents = "SELECT sum(last_sequence & 0xFFFFFFFFFF) FROM studies";

    private readonly string _file;
    private readonly TimeProvider _clock;
    private readonly SqliteSession _writer;
    private readonly SqliteSession _reader;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly SemaphoreSlim _reading = new(1, 1);
    private readonly ChangeSignal _changed = new();
    private long _dataVersion = -1;
    private long _changeCount;

    private SqliteStudyStore(string file, TimeProvider clock, SqliteSession writer, SqliteSession reader) =>
        (_file, _clock, _writer, _reader) = (file, clock, writer, reader);

    /// <summary>Opens the file, creating it with its folder or upgrading it as needed.</summary>
    /// <exception cref="StoreUnusableException">It is damaged, not ours, newer, or can't be written.</exception>
    public static SqliteStudyStore Open(string file, TimeProvider clock, IReadOnlyList<string>? migrations = null)
    {
        SqliteSession? writer = null, reader = null;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
            // SQLite takes the stump of a file for an empty one and would start a new store over it.
            if (new FileInfo(file) is { Exists: true, Length: > 0 and < SqliteSchema.SmallestFileBytes })
                throw SqliteFaults.Damaged(file, "it was cut off after less than one page");
            writer = new SqliteSession(file, SqliteOpenMode.ReadWriteCreate, WriterBusyTimeout);
            writer.Run("PRAGMA journal_mode = WAL");
            writer.Run("PRAGMA synchronous = FULL");
            SqliteSchema.Prepare(writer, file, migrations ?? SqliteSchema.Migrations);
            reader = new SqliteSession(file, SqliteOpenMode.ReadWrite, LockTimeout);
            var store = new SqliteStudyStore(file, clock, writer, reader);
            (writer, reader) = (null, null);
            return store;
        }
        catch (SqliteException fault)
        {
            throw SqliteFaults.Translate(fault, file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnusableException(
                $"the store {file} can't be opened: {fault.Message.TrimEnd('.')}; "
                    + "a store is a folder or a file that ends in .db, where this user may write",
                fault);
        }
        finally
        {
            reader?.Dispose();
            writer?.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _writing.WaitAsync();
        await _reading.WaitAsync();
        _reader.Dispose();
        _writer.Dispose();
    }

    /// <summary>For tests: lets the database grow no further, as a full disk does.</summary>
    internal void LimitPages(int pages) => _writer.Run(FormattableString.Invariant($"PRAGMA max_page_count = {pages}"));

    public async ValueTask<bool> TryAppendAsync(Commit commit, CancellationToken cancellation)
    {
        var appended = await WriteAsync(session => Append(session, commit), cancellation);
        if (appended)
            _changed.Pulse();
        return appended;
    }

    public async ValueTask<bool> TakeTurnAsync(StudyId study, long afterSequence, TurnDecision decide, CancellationToken cancellation)
    {
        bool? appended = null;
        while (appended is null)
        {
            appended = await WriteAsync<bool?>(session =>
            {
                var missed = ReadEvents(session, study.Value, afterSequence);
                afterSequence += missed.Count;
                if (decide(missed, _clock.GetUtcNow()) is not { } commit)
                    return false;
                return Append(session, commit) ? true : null;
            }, cancellation);
        }
        if (appended.Value)
            _changed.Pulse();
        return appended.Value;
    }

    public ValueTask<IReadOnlyList<RecordedEvent>> ReadAsync(StudyId study, long afterSequence, CancellationToken cancellation) =>
        ReadAsync(session =>
        {
            session.Run("BEGIN");
            return session.Finish(s => ReadEvents(s, study.Value, afterSequence));
        }, cancellation);

    public ValueTask<StudyList> ListAsync(CancellationToken cancellation) => ReadAsync(session =>
    {
        var headers = session.Query("SELECT study, last_sequence, summary, chk FROM studies ORDER BY id", r =>
        {
            var (study, last, summary) = (r.GetString(0), r.GetInt64(1), r.GetString(2));
            return RowCheck.OfStudy(study, last, summary) == r.GetInt64(3) ? (study, StoreJson.ReadSummary(summary)) : (study, null);
        });
        return LedgerFaults.List(headers, _file);
    }, cancellation);

    public ValueTask<DateTimeOffset> NowAsync(CancellationToken cancellation) => ValueTask.FromResult(_clock.GetUtcNow());

    public ValueTask<long> WaitForChangeAsync(long cursor, TimeSpan timeout, CancellationToken cancellation) =>
        _changed.WaitAsync(cursor, timeout, () => PollInterval, CountChangesAsync, cancellation);

    /// <summary>
    /// The number of events in the whole store: it only grows. Counted again only after some connection committed something.
    /// </summary>
    private ValueTask<long> CountChangesAsync(CancellationToken cancellation) =>
        ReadAsync(session =>
        {
            var version = session.Number("PRAGMA data_version");
            if (version != _dataVersion)
                (_changeCount, _dataVersion) = (session.Number(CountEvents), version);
            return _changeCount;
        }, cancellation);

    private bool Append(SqliteSession session, Commit commit)
    {
        var study = commit.Study.Value;
        var last = commit.ExpectedSequence + commit.Events.Count;
        var summary = StoreJson.Write(commit.Summary);
        var chk = RowCheck.OfStudy(study, last, summary);
        var id = commit.ExpectedSequence == 0
            ? session.Scalar(
                "INSERT INTO studies (study, last_sequence, summary, chk) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING RETURNING id",
                study, last, summary, chk)
            : session.Scalar(
                "UPDATE studies SET last_sequence = ?1, summary = ?2, chk = ?3 WHERE study = ?4 AND last_sequence = ?5 RETURNING id",
                last, summary, chk, study, commit.ExpectedSequence);
        if (id is null)
            return false;
        for (var i = 0; i < commit.Events.Count; i++)
        {
            var sequence = commit.ExpectedSequence + i + 1;
            var json = StoreJson.Write(commit.Events[i]);
            var added = session.Run(
                "INSERT INTO events (study, sequence, event, chk) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
                id,
                sequence,
                json,
                RowCheck.OfEvent(study, sequence, json));
            if (added == 0)
                throw TooMany(study, commit.ExpectedSequence);
        }
        ApplyLeases(session, commit);
        return true;
    }

    private IReadOnlyList<RecordedEvent> ReadEvents(SqliteSession session, string study, long afterSequence)
    {
        var header = session.Query(
            "SELECT id, last_sequence FROM studies WHERE study = ?1", r => (Id: r.GetInt64(0), Last: r.GetInt64(1)), study);
        if (header.Count == 0)
        {
            // A damaged index or name must not make a study vanish in silence.
            var rows = session.Query("SELECT study, summary FROM studies ORDER BY id", r => (Study: r.GetString(0), r.GetString(1)));
            if (rows.Exists(r => r.Study == study))
                throw SqliteFaults.Damaged(_file, $"the index has lost study {study}");
            return rows.Exists(r => StoreJson.ReadSummary(r.Item2)?.Id.Value == study)
                ? throw Damaged(study, 0, "its name was changed")
                : [];
        }
        var events = session.Query(
            "SELECT sequence, event, chk FROM events WHERE study = ?1 AND sequence > ?2 ORDER BY sequence",
            r => ReadEvent(study, r.GetInt64(0), r.GetString(1), r.GetInt64(2), header[0].Last), header[0].Id, afterSequence);
        for (var i = 0; i < events.Count; i++)
        {
            if (events[i].Sequence != afterSequence + i + 1)
                throw Damaged(study, afterSequence + i + 1, "it is missing");
        }
        return events.Count >= header[0].Last - afterSequence
            ? events
            : throw Damaged(study, afterSequence + events.Count + 1, "it is missing");
    }

    private RecordedEvent ReadEvent(string study, long sequence, string json, long chk, long last)
    {
        if (RowCheck.OfEvent(study, sequence, json, out var utf8) != chk)
            throw sequence > last ? TooMany(study, last) : Damaged(study, sequence, "it was changed");
        if (sequence > last)
            throw Damaged(study, 0, LedgerFaults.EndsEarly);
        try
        {
            return EventJson.Read(sequence, utf8);
        }
        catch (LedgerCorruptException fault)
        {
            throw LedgerFaults.Newer(study, sequence, fault);
        }
    }

    private LedgerCorruptException Damaged(string study, long sequence, string why) => LedgerFaults.Damaged(study, sequence, why, _file);

    private static LedgerCorruptException TooMany(string study, long last) => LedgerFaults.TooMany(
        study, last, $"DELETE FROM events WHERE sequence > {last} AND study = (SELECT id FROM studies WHERE study = '{study}')");

    private async ValueTask<T> ReadAsync<T>(Func<SqliteSession, T> call, CancellationToken cancellation)
    {
        await _reading.WaitAsync(cancellation);
        try
        {
            return Translated(() => call(_reader));
        }
        finally
        {
            _reading.Release();
        }
    }

    private async ValueTask<T> WriteAsync<T>(Func<SqliteSession, T> call, CancellationToken cancellation)
    {
        await _writing.WaitAsync(cancellation);
        try
        {
            var start = TimeProvider.System.GetTimestamp();
            while (!Translated(_writer.TryBeginWrite))
            {
                if (TimeProvider.System.GetElapsedTime(start) > LockTimeout)
                {
                    throw new StoreUnavailableException(
                        $"the store {_file} is busy: other processes have held its lock for {LockTimeout.TotalSeconds:F0} s; try again");
                }
                await Task.Delay(Random.Shared.Next(1, 5), cancellation);
            }
            return Translated(() => _writer.Finish(call));
        }
        finally
        {
            _writing.Release();
        }
    }

    private T Translated<T>(Func<T> call)
    {
        try
        {
            return call();
        }
        catch (SqliteException fault)
        {
            throw SqliteFaults.Translate(fault, _file);
        }
        catch (Exception fault) when (fault is InvalidCastException or InvalidOperationException or FormatException or OverflowException)
        {
            // A flipped type code or text: the row is there, and is not what was written.
            throw SqliteFaults.Damaged(_file, fault.Message, fault);
        }
    }
}
