using System.Diagnostics;
using TuneGrid.Simulation;

namespace TuneGrid.Testing.Processes;

/// <summary>A network of its own for some processes, with one cable (a veth pair) to this machine that can be pulled.</summary>
internal sealed class NetworkNamespace : IDisposable
{
    private static readonly Lazy<string?> FirstMissing = new(FindMissing);
    private static int _count;
    private readonly string _name, _near, _far;

    public NetworkNamespace()
    {
        // Named and numbered by the process, which no other of this machine shares: test runs side by side don't meet.
        var id = (Environment.ProcessId + (Interlocked.Increment(ref _count) * 4001)) & 0x3fff;
        (_name, _near, _far) = ($"tg-ns-{id}", $"tg-n-{id}", $"tg-f-{id}");
        var net = FormattableString.Invariant($"10.213.{id >> 6}.");
        var host = (id & 0x3f) * 4;
        Address = FormattableString.Invariant($"{net}{host + 1}");
        Inside = FormattableString.Invariant($"{net}{host + 2}");
        try
        {
            Ip("netns", "add", _name);
            Ip("link", "add", _near, "type", "veth", "peer", "name", _far, "netns", _name);
            Ip("addr", "add", $"{Address}/30", "dev", _near);
            Ip("-n", _name, "addr", "add", $"{Inside}/30", "dev", _far);
            Ip("-n", _name, "link", "set", "lo", "up");
            Ip("-n", _name, "link", "set", _far, "up");
            Mend();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Why there can be none here, or null.</summary>
    public static string? Missing => FirstMissing.Value;

    /// <summary>This machine's address as seen from inside.</summary>
    public string Address { get; }

    /// <summary>The address of whoever runs inside.</summary>
    public string Inside { get; }

    /// <summary>What a command is started with to run inside; the process stays the same.</summary>
    public IReadOnlyList<string> Wrapper => ["ip", "netns", "exec", _name];

    /// <summary>Pulls the cable. Nobody is told: what is sent is lost, and connections stay open until somebody gives up waiting.</summary>
    public void Cut() => Ip("link", "set", _near, "down");

    public void Mend() => Ip("link", "set", _near, "up");

    /// <summary>From now on every fifth packet that comes in is lost, at random.</summary>
    public void LoseEveryFifth()
    {
        string[] nft = ["netns", "exec", _name, "nft"];
        Ip([.. nft, "add", "table", "inet", "tunegrid"]);
        Ip([.. nft, "add", "chain", "inet", "tunegrid", "in", "{ type filter hook input priority 0; }"]);
        Ip([.. nft, "add", "rule", "inet", "tunegrid", "in", "iifname", "!=", "lo", "numgen", "random", "mod", "5", "0", "drop"]);
    }

    public void Dispose()
    {
        Run("link", "del", _near);
        Run("netns", "del", _name);
    }

    private static string? FindMissing()
    {
        if (!OperatingSystem.IsLinux() || Needs.Program("ip") is null)
            return "there is no 'ip' (iproute2) to make a network namespace with";
        try
        {
            new NetworkNamespace().Dispose();
            return null;
        }
        catch (InvalidOperationException fault)
        {
            return $"no network namespace can be made: {fault.Message}";
        }
    }

    private static void Ip(params string[] arguments)
    {
        if (Run(arguments) is { Length: > 0 } error)
            throw new InvalidOperationException($"ip {string.Join(' ', arguments)}: {error}");
    }

    /// <summary>What it complained about; empty if it worked.</summary>
    private static string Run(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd().Trim();
        process.WaitForExit();
        return process.ExitCode == 0 ? "" : $"{error} (exit code {process.ExitCode})";
    }
}
