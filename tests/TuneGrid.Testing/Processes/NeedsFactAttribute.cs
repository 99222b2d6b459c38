using System.Diagnostics;
using TuneGrid.Testing.Servers;

namespace TuneGrid.Testing.Processes;

/// <summary>What a test may need that not every machine has.</summary>
public enum Need
{
    /// <summary>Signals, shells and file modes.</summary>
    Unix,

    /// <summary>A user whom file modes stop, as they don't stop root, and who may run what was built here.</summary>
    SomebodyElse,

    PostgreSql,

    OpenSsl,

    NetworkNamespaces,

    PacketFilter,

    SystemdAnalyze,

    /// <summary>util-linux's <c>script</c>, which makes a pseudo-terminal.</summary>
    PseudoTerminal,
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
        Need.SomebodyElse => Missing(Need.Unix) ?? MissingSomebodyElse(),
        Need.PostgreSql => PostgresServer.Missing,
        Need.OpenSsl => Program("openssl") is null ? "openssl is not installed" : null,
        Need.NetworkNamespaces => NetworkNamespace.Missing,
        Need.PacketFilter => Program("nft") is null ? "nft (nftables) is not installed" : null,
        Need.SystemdAnalyze => File.Exists(SystemdAnalyzer) ? null : $"{SystemdAnalyzer} is not installed",
        Need.PseudoTerminal => OperatingSystem.IsLinux() && Program("script") is not null ? null : "there is no 'script' (util-linux)",
        _ => throw new ArgumentOutOfRangeException(nameof(need)),
    };

    /// <summary>What a command is started with so that file modes count for it; nothing where they do anyway.</summary>
    public static IReadOnlyList<string> AsSomebodyElse =>
        Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : [];

    private static string? MissingSomebodyElse()
    {
        if (!Environment.IsPrivilegedProcess)
            return null;
        if (Program("setpriv") is null)
            return "run by root, and there is no setpriv to become somebody else";
        string[] test = [.. AsSomebodyElse, "test", "-r", Path.Combine(AppContext.BaseDirectory, "tunegrid.dll")];
        using var process = Process.Start(test[0], test[1..]);
        process.WaitForExit();
        return process.ExitCode == 0 ? null : $"run by root, and nobody else may read {AppContext.BaseDirectory}";
    }

    /// <summary>Where the search path has it, or null.</summary>
    public static string? Program(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Append("/usr/sbin")
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
}
