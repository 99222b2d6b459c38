using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using Npgsql;
using TuneGrid.Coordination.Ledger;

namespace TuneGrid.Storage.Postgres;

/// <summary>
/// What PostgreSQL's and the network's errors mean for a person. The connection string, and with it the password, never gets into a
/// message.
/// </summary>
internal static class PostgresFaults
{
    /// <summary>The server cut off a writer that fell silent in its turn, or a session; the provider has no name for these.</summary>
    private const string IdleInTransaction = "25P03", IdleSession = "57P05";

    /// <summary>Connections (poolers report all their troubles so), resources, and errors of the server's own system.</summary>
    private static readonly string[] TransientClasses = ["08", "53", "58"];

    /// <summary>Whether it comes from the provider, the server or the network between, and so is to be translated.</summary>
    public static bool IsOurs(Exception fault) =>
        fault is NpgsqlException or TimeoutException or IOException or SocketException or InvalidCastException || IsClosed(fault);

    /// <summary>
    /// The same call may succeed later: a restart, a failover (the server is read-only meanwhile), a cut connection, a lost race for locks,
    /// too many connections, a disk or memory that was full.
    /// </summary>
    public static bool IsTransient(Exception fault) => fault switch
    {
        PostgresException p => p.IsTransient || p.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected
            or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
            or PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.ReadOnlySqlTransaction
            or IdleInTransaction or IdleSession
            || TransientClasses.Any(c => p.SqlState.StartsWith(c, StringComparison.Ordinal)),
        // A wrong certificate, a file of it that is missing or a host that demands TLS stays wrong; a socket that failed or went silent may
        // come back.
        NpgsqlException { InnerException: FileNotFoundException or DirectoryNotFoundException } => false,
        NpgsqlException n => n.IsTransient || n.InnerException is SocketException or IOException or TimeoutException,
        TimeoutException or IOException or SocketException => true,
        _ => IsClosed(fault),
    };

    /// <summary>Nothing came back, not even a refusal.</summary>
    public static bool IsSilence(Exception fault) =>
        fault is TimeoutException || fault.InnerException is TimeoutException or SocketException { SocketErrorCode: SocketError.TimedOut };

    public static Exception Translate(Exception fault, string place) => fault switch
    {
        PostgresException p when IsTransient(fault) && Known(p) is { } known =>
            new StoreUnavailableException($"the store {place}: {known}", fault),
        _ when IsTransient(fault) =>
            new StoreUnavailableException($"the store {place} does not answer: {Reason(fault)}{Advice(fault)}", fault),
        PostgresException p => new StoreUnusableException($"the store {place}: {Known(p) ?? Unknown(p)}", fault),
        InvalidCastException => new StoreUnusableException($"the store {place} holds what no TuneGrid wrote: {fault.Message}", fault),
        _ => new StoreUnusableException($"the store {place} can't be reached: {Refusal(fault)}", fault),
    };

    /// <summary>The connection broke off under a call ("Connection is not open"), which the provider takes for our mistake.</summary>
    private static bool IsClosed(Exception fault) =>
        fault is InvalidOperationException and not ObjectDisposedException && fault.Source == "Npgsql";

    /// <summary>
    /// The provider's own word for a connection that broke off, "Exception while reading from stream", says nothing; what lies beneath it
    /// does.
    /// </summary>
    private static string Reason(Exception fault) => fault switch
    {
        // Its message has further lines, about details that it leaves out.
        PostgresException p => p.MessageText,
        _ when fault.Message.StartsWith("Exception while", StringComparison.Ordinal) =>
            $"the connection broke off ({fault.GetBaseException().Message.TrimEnd('.')})",
        _ => fault.Message,
    };

    /// <summary>What may be done where waiting may not help.</summary>
    private static string Advice(Exception fault) => (fault.InnerException as SocketException)?.SocketErrorCode switch
    {
        SocketError.HostNotFound or SocketError.NoData => "; check Host",
        SocketError.ConnectionRefused or SocketError.AddressNotAvailable
            or SocketError.HostUnreachable or SocketError.NetworkUnreachable => "; check that the server runs, and Host and Port",
        _ => IsSilence(fault) ? "; check Host and Port, and that no firewall swallows what is sent there" : "",
    };

    private static string Refusal(Exception fault) => fault.InnerException switch
    {
        AuthenticationException =>
            "the server's certificate was refused: "
                + "it must be signed by the authority in Root Certificate, and made out to the name in Host",
        CryptographicException file => $"{file.Message.TrimEnd('.')}: Root Certificate, SSL Certificate and SSL Key must name PEM files",
        FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException =>
            $"{fault.InnerException.Message.TrimEnd('.')}: check Root Certificate, SSL Certificate and SSL Key",
        _ when fault.Message.StartsWith("No password", StringComparison.Ordinal) =>
            $"{fault.Message.TrimEnd('.')}: check Username and Password",
        _ => $"{fault.Message.TrimEnd('.')}; check Host, Port and the TLS settings (SSL Mode)",
    };

    private static string Unknown(PostgresException fault) => $"{fault.MessageText} (SQLSTATE {fault.SqlState})";

    private static string? Known(PostgresException fault) => fault.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword => $"the server refused this user ({fault.MessageText}): check Username and Password",
        PostgresErrorCodes.InvalidAuthorizationSpecification =>
            $"the server lets nobody in this way ({fault.MessageText}): check Username, SSL Mode and the server's pg_hba.conf",
        PostgresErrorCodes.InvalidCatalogName => $"{fault.MessageText}: create it first, for example with 'createdb'",
        PostgresErrorCodes.InvalidSchemaName or PostgresErrorCodes.UndefinedTable =>
            "the database has no TuneGrid tables: run 'tunegrid store init' as the owner",
        PostgresErrorCodes.InsufficientPrivilege => $"{fault.MessageText}: grant the role its rights with deploy/postgres-roles.sql",
        PostgresErrorCodes.ReadOnlySqlTransaction => "it is read-only (a standby, or a failover?): connect to the primary server",
        PostgresErrorCodes.TooManyConnections =>
            $"{fault.MessageText}: raise the server's max_connections or the role's limit, or put a pooler before it",
        PostgresErrorCodes.InvalidSqlStatementName or PostgresErrorCodes.DuplicatePreparedStatement =>
            $"{fault.MessageText}: a connection pooler loses prepared statements; add Max Auto Prepare=0 to the connection string",
        PostgresErrorCodes.DiskFull => "the server's disk is full; nothing stored is lost: free some space there and go on",
        PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted =>
            $"the server reports damaged data: {fault.MessageText}; restore a backup",
        _ => null,
    };
}
