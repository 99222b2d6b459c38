using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace TuneGrid.Storage.Sqlite;

/// <summary>
/// One connection with its prepared statements, used by one caller at a time. Parameters are positional: <c>?1, ?2 ...</c>
/// </summary>
internal sealed class SqliteSession : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _statements = [];

    /// <param name="mode">Whether the file may be created.</param>
    /// <param name="busyTimeout">How long SQLite itself waits for a lock.</param>
    public SqliteSession(string file, SqliteOpenMode mode, TimeSpan busyTimeout)
    {
        // No pooling: a pooled connection would keep the file open after the store is closed. SQLite itself waits for a lock up to
        // busy_timeout; the provider's own loop sleeps in steps of 150 ms and only has to cover what SQLite answers at once (a recovery, a
        // snapshot).
        var text = new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, Pooling = false, DefaultTimeout = 1 };
        _connection = new SqliteConnection(text.ConnectionString);
        _connection.Open();
        Run(FormattableString.Invariant($"PRAGMA busy_timeout = {(int)busyTimeout.TotalMilliseconds}"));
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
            statement.Dispose();
        _connection.Dispose();
    }

    /// <summary>Runs a statement and returns the number of rows it changed.</summary>
    public int Run(string sql, params ReadOnlySpan<object?> parameters) => Prepare(sql, parameters).ExecuteNonQuery();

    /// <summary>The first column of the first row, or null.</summary>
    public object? Scalar(string sql, params ReadOnlySpan<object?> parameters) => Prepare(sql, parameters).ExecuteScalar();

    public long Number(string sql, params ReadOnlySpan<object?> parameters) => Scalar(sql, parameters) is long number ? number : 0;

    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> parameters)
    {
        using var reader = Prepare(sql, parameters).ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(read(reader));
        return rows;
    }

    /// <summary>Takes the write lock; false if another process holds it for longer than the connection's busy timeout.</summary>
    public bool TryBeginWrite()
    {
        // Past the provider, whose own retries sleep 150 ms at a time: among many writers such a sleeper never gets its turn.
        var code = raw.sqlite3_exec(_connection.Handle, "BEGIN IMMEDIATE");
        if (code != raw.SQLITE_BUSY)
            SqliteException.ThrowExceptionForRC(code, _connection.Handle);
        return code == raw.SQLITE_OK;
    }

    /// <summary>Runs <paramref name="body"/> in the transaction that was begun: commits it, or rolls back on an exception.</summary>
    public T Finish<T>(Func<SqliteSession, T> body)
    {
        try
        {
            var answer = body(this);
            Run("COMMIT");
            return answer;
        }
        catch
        {
            RollBack();
            throw;
        }
    }

    private void RollBack()
    {
        try
        {
            Run("ROLLBACK");
        }
        catch (SqliteException)
        {
            // A full or broken disk has rolled it back already; what went wrong first is what the caller hears.
        }
    }

    private SqliteCommand Prepare(string sql, ReadOnlySpan<object?> parameters)
    {
        if (!_statements.TryGetValue(sql, out var command))
        {
            command = _connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 0; i < parameters.Length; i++)
                command.Parameters.Add(new SqliteParameter { ParameterName = FormattableString.Invariant($"?{i + 1}") });
            _statements.Add(sql, command);
        }
        for (var i = 0; i < parameters.Length; i++)
            command.Parameters[i].Value = parameters[i] ?? DBNull.Value;
        return command;
    }
}
