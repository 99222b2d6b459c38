using System.Globalization;
using Npgsql;
using TuneGrid.Coordination.Ledger;

namespace TuneGrid.Storage;

/// <summary>Where a store is. <see cref="object.ToString"/> is fit for people and logs: it never shows a password.</summary>
public abstract record StoreLocation
{
    private StoreLocation() { }

    /// <param name="File">The database.</param>
    /// <param name="Artifacts">The folder of its artifacts.</param>
    public sealed record Sqlite(string File, string Artifacts) : StoreLocation
    {
        /// <summary>Whether the artifacts lie where nobody had to name it.</summary>
        public bool HasUsualArtifacts => Artifacts == UsualArtifacts(File);

        public override string ToString() => File;
    }

    /// <param name="ConnectionString">With the password, if it has one: never print it.</param>
    /// <param name="Artifacts">A folder that all machines share, or null to keep artifacts in the database.</param>
    /// <param name="Cache">This machine's copies of artifacts from the database.</param>
    public sealed record Postgres(string ConnectionString, string? Artifacts, string Cache) : StoreLocation
    {
        public override string ToString()
        {
            var parts = new NpgsqlConnectionStringBuilder(ConnectionString);
            return string.Create(
                CultureInfo.InvariantCulture, $"postgresql://{parts.Host}:{parts.Port}/{parts.Database ?? parts.Username}");
        }
    }

    /// <summary>
    /// Reads what stands behind <c>--store</c>: a folder, a path ending in <c>.db</c>, or PostgreSQL as <c>Host=...</c> or
    /// <c>postgresql://...</c>. Null is $TUNEGRID_STORE, and without it the home folder ($TUNEGRID_HOME or ~/.tunegrid).
    /// </summary>
    /// <param name="artifacts">What stands behind <c>--artifacts</c>: a folder instead of the usual place.</param>
    /// <param name="environment">Reads an environment variable; null reads the process's own.</param>
    /// <exception cref="StoreUnusableException">
    /// It is a connection string that can't be read, or seems to be meant as one (the message never quotes it); or the home folder is
    /// needed and there is none.
    /// </exception>
    public static StoreLocation Parse(string? text, string? artifacts = null, Func<string, string?>? environment = null)
    {
        environment ??= Environment.GetEnvironmentVariable;
        text = NonEmpty(text) ?? NonEmpty(environment("TUNEGRID_STORE")) ?? HomeFolder.Find(environment);
        artifacts = NonEmpty(artifacts) is { } folder ? FolderOf(folder) : null;
        if (IsPostgres(text))
            return new Postgres(ConnectionStringOf(text), artifacts, Path.Combine(HomeFolder.Find(environment), "cache", "artifacts"));
        var file = Path.GetFullPath(text.EndsWith(".db", StringComparison.OrdinalIgnoreCase) ? text : Path.Combine(text, "tunegrid.db"));
        return new Sqlite(file, artifacts ?? UsualArtifacts(file));
    }

    private static string FolderOf(string text) => IsMistyped(text)
        ? throw new StoreUnusableException("--artifacts must be a folder: an address, or what seems to hold a password, is none")
        : Path.GetFullPath(text);

    private static string UsualArtifacts(string file) => Path.Combine(Path.GetDirectoryName(file)!, "artifacts");

    private static string? NonEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static bool IsUri(string text) =>
        text.StartsWith("postgres:", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("postgresql:", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Everything that begins like a connection string is one: a mistyped Host must not become a folder whose name tells the password.
    /// </summary>
    private static bool IsPostgres(string text) =>
        IsUri(text) || IsMistyped(text)
            || (text.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals && !text.AsSpan(0, equals).ContainsAny("/\\:."));

    /// <summary>
    /// postgresql//user@host, posgres://..., Host:db;Pasword=...: no folder is meant. One that is really called so begins with a dot.
    /// </summary>
    private static bool IsMistyped(string text) =>
        !text.StartsWith("./", StringComparison.Ordinal) && !text.StartsWith("../", StringComparison.Ordinal)
            && (text.Contains("://", StringComparison.Ordinal) || text.StartsWith("postgres//", StringComparison.OrdinalIgnoreCase)
                || text.StartsWith("postgresql//", StringComparison.OrdinalIgnoreCase) || Secrets.AreIn(text));

    private static string ConnectionStringOf(string text)
    {
        try
        {
            var parts = IsUri(text) ? FromUri(new Uri(text)) : new NpgsqlConnectionStringBuilder(text);
            parts.ApplicationName ??= "tunegrid";
            return string.IsNullOrEmpty(parts.Host) ? throw new FormatException("no host") : parts.ConnectionString;
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException or KeyNotFoundException)
        {
            // The provider's message may quote the text, and the text may hold the password.
            throw new StoreUnusableException(
                "the store's PostgreSQL connection string can't be read: "
                    + "write \"Host=...;Database=...;Username=...;Password=...\" or postgresql://user@host/database; "
                    + "a folder with '=', ':' or '@' in its name is ./NAME");
        }
    }

    private static NpgsqlConnectionStringBuilder FromUri(Uri uri)
    {
        var parts = new NpgsqlConnectionStringBuilder { Host = uri.Host, Port = uri.Port > 0 ? uri.Port : 5432 };
        var user = uri.UserInfo.Split(':', 2);
        if (user[0].Length > 0)
            parts.Username = Uri.UnescapeDataString(user[0]);
        if (user.Length > 1)
            parts.Password = Uri.UnescapeDataString(user[1]);
        if (uri.AbsolutePath.Length > 1)
            parts.Database = Uri.UnescapeDataString(uri.AbsolutePath[1..]);
        foreach (var option in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var pair = option.Split('=', 2);
            var value = Uri.UnescapeDataString(pair.Length > 1 ? pair[1] : string.Empty);
            parts[LibpqName(pair[0])] = pair[0] == "sslmode" ? value.Replace("-", string.Empty, StringComparison.Ordinal) : value;
        }
        return parts;
    }

    /// <summary>The names of libpq that differ from Npgsql's own.</summary>
    private static string LibpqName(string name) => name switch
    {
        "sslmode" => "SSL Mode",
        "sslrootcert" => "Root Certificate",
        "sslcert" => "SSL Certificate",
        "sslkey" => "SSL Key",
        "application_name" => "Application Name",
        "connect_timeout" => "Timeout",
        _ => name,
    };
}
