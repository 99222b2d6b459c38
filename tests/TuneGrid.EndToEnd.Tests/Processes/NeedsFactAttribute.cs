using TuneGrid.Runtime.Tests.Storage;

namespace TuneGrid.EndToEnd.Tests.Processes;

/// <summary>What a test may need that not every machine has.</summary>
public enum Need
{
    /// <summary>Signals, shells and file modes.</summary>
    Unix,

    /// <summary>A user who isn't root, to be refused by file modes; root can become one.</summary>
    SetPriv,

    PostgreSql,

    OpenSsl,

    NetworkNamespaces,

    SystemdAnalyze,
}

/// <summary>A test that is skipped by name, with the reason, where the machine lacks what it needs.</summary>
public sealed class NeedsFactAttribute : FactAttribute
{
    public NeedsFactAttribute(params Need[] needs) => Skip = Needs.Missing(needs);
}

/// <summary>The same with data.</summary>
public sealed class NeedsTheoryAttribute : TheoryAttribute
{
    public NeedsTheoryAttribute(params Need[] needs) => Skip = Needs.Missing(needs);
}

internal static class Needs
{
    public const string SystemdAnalyzer = "/usr/bin/systemd-analyze";

    /// <summary>What this machine lacks, or null.</summary>
    public static string? Missing(params Need[] needs) => needs.Select(Missing).FirstOrDefault(m => m is not null);

    private static string? Missing(Need need) => need switch
    {
        Need.Unix => OperatingSystem.IsWindows() ? "Windows has no signals and no sh" : null,
        Need.SetPriv => Environment.IsPrivilegedProcess && Program("setpriv") is null ? "run by root, and there is no setpriv to become somebody else" : Missing(Need.Unix),
        Need.PostgreSql => PostgresServer.Missing,
        Need.OpenSsl => Program("openssl") is null ? "openssl is not installed" : null,
        Need.NetworkNamespaces => NetworkNamespace.Missing,
        Need.SystemdAnalyze => File.Exists(SystemdAnalyzer) ? null : $"{SystemdAnalyzer} is not installed",
        _ => throw new ArgumentOutOfRangeException(nameof(need)),
    };

    /// <summary>Where the search path has it, or null.</summary>
    public static string? Program(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Append("/usr/sbin").Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
