using System.Diagnostics;

namespace TuneGrid.Orleans.Tests.Processes;

/// <summary>A theory that is skipped by name where no PostgreSQL server or no network namespace can be made.</summary>
public sealed class CableTheoryAttribute : TheoryAttribute
{
    public CableTheoryAttribute() => Skip = Runtime.Tests.Storage.PostgresServer.Missing ?? CableMachine.Missing;
}

/// <summary>Another machine, as far as the network knows: a network namespace at the other end of a cable that can be pulled out.</summary>
internal sealed class CableMachine : IDisposable
{
    // Kept for measurements between networks (RFC 2544): nobody's own.
    private const string Network = "198.18.77.";
    private readonly string _name;
    private readonly string _far;

    public CableMachine()
    {
        // An interface's name has 15 letters at most.
        _name = "tg" + Path.GetRandomFileName()[..8];
        _far = _name + "f";
        Ip($"netns add {_name}");
        Ip($"link add {_name} type veth peer name {_far} netns {_name}");
        Ip($"addr add {Here}/30 dev {_name}");
        Ip($"link set {_name} up");
        Ip($"-n {_name} addr add {There}/30 dev {_far}");
        Ip($"-n {_name} link set lo up");
        Plug();
    }

    /// <summary>Why there can be none, or null.</summary>
    public static string? Missing { get; } = !Environment.IsPrivilegedProcess ? "only root can make network namespaces" : Try("netns add tg-probe") ?? Try("netns del tg-probe");

    /// <summary>This machine's address on the cable.</summary>
    public static string Here => Network + "1";

    /// <summary>The other machine's.</summary>
    public static string There => Network + "2";

    /// <summary>Runs a command on the other machine.</summary>
    public IReadOnlyList<string> Wrapper => ["ip", "netns", "exec", _name];

    public void Plug() => Ip($"-n {_name} link set {_far} up");

    public void Pull() => Ip($"-n {_name} link set {_far} down");

    public void Dispose()
    {
        Ip($"link del {_name}");
        Ip($"netns del {_name}");
    }

    private static void Ip(string arguments)
    {
        if (Try(arguments) is { } fault)
            throw new InvalidOperationException(fault);
    }

    /// <summary>Null, or why it failed.</summary>
    private static string? Try(string arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true })!;
            var told = process.StandardError.ReadToEnd().Trim();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : $"'ip {arguments}' failed: {told}";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "there is no 'ip' (iproute2)";
        }
    }
}
