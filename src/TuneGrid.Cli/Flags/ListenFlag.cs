using System.CommandLine;
using System.Net;
using TuneGrid.Cli.Terminal;
using TuneGrid.Silo.Hosting;
using TuneGrid.Silo.Security;

namespace TuneGrid.Cli.Flags;

/// <param name="Silo">Where and how the silo of this process is reached.</param>
/// <param name="Client">How this process speaks to silos of other machines as a client.</param>
internal sealed record ClusterAccess(OrleansOptions Silo, ClusterSecurity Client);

/// <summary>
/// <c>--listen</c> with the flags that secure it, for commands that host a silo: without it on loopback, which needs no TLS.
/// </summary>
/// <param name="isClientToo">
/// Whether the command is also a client of clusters, so that a certificate makes sense without <c>--listen</c>.
/// </param>
internal sealed class ListenFlag(bool isClientToo)
{
    private readonly TlsFlag _tls = new();

    private readonly Option<string?> _listen = new("--listen")
    {
        Description = "The address by which other machines reach this silo, and a port (the next one is opened too) [default: loopback]",
        HelpName = "ADDRESS[:PORT]",
    };

    private readonly Option<bool> _insecure = new("--insecure")
    {
        Description = "Let everybody in who reaches --listen, and send everything readable: for a network or VPN that you trust",
    };

    public ListenFlag AddTo(Command command)
    {
        command.Add(_listen);
        _tls.AddTo(command);
        command.Add(_insecure);
        return this;
    }

    public bool IsGiven(ParseResult parsed) => parsed.GetValue(_listen) is not null;

    /// <param name="report">Hears of connections that were refused, one line each.</param>
    /// <exception cref="UsageException">
    /// Flags contradict each other, a file can't be used, or the port would be open to strangers.
    /// </exception>
    public ClusterAccess Read(ParseResult parsed, CliConsole console, Action<string> report)
    {
        var isInsecure = parsed.GetValue(_insecure);
        if (isInsecure && _tls.Given(parsed, console) is { } given)
            throw new UsageException($"--insecure contradicts {given}: drop one of them");
        var security = _tls.Read(parsed, console, report);
        if (parsed.GetValue(_listen) is not { } text)
        {
            return Alone(parsed, isInsecure) is { } flag
                ? throw new UsageException($"{flag} is for --listen ADDRESS: on loopback there is no need")
                : new(new(), security);
        }
        var options = Parse(text) with { Security = security };
        Check(options, isInsecure);
        return new(options, security);
    }

    private string? Alone(ParseResult parsed, bool isInsecure) =>
        isInsecure ? _insecure.Name : !isClientToo && _tls.IsAsked(parsed) ? "--tls-certificate" : null;

    private static OrleansOptions Parse(string text)
    {
        try
        {
            return OrleansOptions.Parse(text);
        }
        catch (FormatException e)
        {
            throw new UsageException($"--listen: {e.Message}");
        }
    }

    private static void Check(OrleansOptions options, bool isInsecure)
    {
        if (!options.Security.UsesTls && !isInsecure && !IPAddress.IsLoopback(options.Listen))
        {
            throw new UsageException(
                $"--listen {options.Listen} opens a port to the network: give --tls-certificate FILE.pfx "
                + "('tunegrid cluster certificate' makes one), or --insecure to do without");
        }
        if (!options.IsHere())
        {
            throw new UsageException(
                $"--listen: this machine has no address {options.Listen}; "
                + "it must be one by which the others reach it ('ip address' lists them)");
        }
        if (options.Security.Own is { } own && !own.IsFor(options.Listen))
        {
            throw new UsageException(
                $"--listen {options.Listen}: the certificate is for {string.Join(", ", own.Hosts.DefaultIfEmpty("no host"))}, "
                + $"so nobody would connect; issue one with --host {options.Listen}");
        }
    }
}
