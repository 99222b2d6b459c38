using System.CommandLine;
using System.Globalization;
using TuneGrid.Cli.Terminal;
using TuneGrid.Silo.Security;

namespace TuneGrid.Cli.Flags;

/// <summary>
/// <c>--tls-certificate</c> and <c>--tls-authority</c>, with which a command proves to a cluster who it is. Both, and the password, may
/// stand in the environment instead.
/// </summary>
internal sealed class TlsFlag
{
    public const string CertificateVariable = "TUNEGRID_TLS_CERTIFICATE", AuthorityVariable = "TUNEGRID_TLS_AUTHORITY";
    private const int WarningDays = 14;

    private readonly Option<string?> _certificate = new("--tls-certificate")
    {
        Description = $"A certificate with its key, for clusters of several machines [default: ${CertificateVariable}]",
        HelpName = "FILE.pfx",
    };

    private readonly Option<string?> _authority = new("--tls-authority")
    {
        Description = $"Whose certificates to accept [default: ${AuthorityVariable}, else what is in the .pfx]", HelpName = "FILE",
    };

    public TlsFlag AddTo(Command command)
    {
        command.Add(_certificate);
        command.Add(_authority);
        return this;
    }

    /// <param name="report">Hears of connections that were refused, one line each.</param>
    /// <returns>How the command speaks to clusters beyond loopback.</returns>
    /// <exception cref="UsageException">A file can't be used.</exception>
    public ClusterSecurity Read(ParseResult parsed, CliConsole console, Action<string> report)
    {
        var (name, file) = Choose(parsed, _certificate, CertificateVariable, console);
        var (authorityName, authority) = Choose(parsed, _authority, AuthorityVariable, console);
        if (file is null && authority is not null && IsGiven(parsed, _authority))
            throw new UsageException($"{authorityName} needs {_certificate.Name} FILE.pfx: both ends of a connection show a certificate");
        if (file is null)
            return new(null, report);
        var own = Load(name, file, authority, console);
        if (own.ExpiresAt - DateTimeOffset.UtcNow is { TotalDays: < WarningDays } left)
            report(string.Create(
                CultureInfo.InvariantCulture, $"the certificate {own.Name} expires in {left.TotalDays:F0} days: issue another in time"));
        return new(own, report);
    }

    /// <returns>The option or the variable by which a certificate is given, for messages; null without one.</returns>
    public string? Given(ParseResult parsed, CliConsole console) =>
        Choose(parsed, _certificate, CertificateVariable, console) is { Value: not null } given ? given.Name : null;

    /// <summary>Whether the certificate is asked for on the command line itself.</summary>
    public bool IsAsked(ParseResult parsed) => IsGiven(parsed, _certificate);

    private static bool IsGiven(ParseResult parsed, Option<string?> option) => parsed.GetValue(option) is not null;

    private static (string Name, string? Value) Choose(ParseResult parsed, Option<string?> option, string variable, CliConsole console) =>
        parsed.GetValue(option) is { } given ? (option.Name, given)
        : console.Variable(variable) is { Length: > 0 } text ? (variable, text)
        : (variable, null);

    private static ClusterCertificate Load(string name, string file, string? authority, CliConsole console)
    {
        try
        {
            return ClusterCertificate.Load(file, authority, console.Variable(ClusterCertificate.PasswordVariable));
        }
        catch (CertificateException e)
        {
            throw new UsageException($"{name}: {e.Message}");
        }
    }
}
