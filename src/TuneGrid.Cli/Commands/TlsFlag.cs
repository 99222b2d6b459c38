using System.CommandLine;
using TuneGrid.Silo.Security;

namespace TuneGrid.Cli.Commands;

/// <summary>
/// <c>--tls-certificate</c> and <c>--tls-authority</c>, with which a command proves to a cluster who it is. Both, and the password, may stand in the environment instead.
/// </summary>
internal sealed class TlsFlag
{
    public const string CertificateVariable = "TUNEGRID_TLS_CERTIFICATE", AuthorityVariable = "TUNEGRID_TLS_AUTHORITY";

    private readonly Option<string?> _certificate = new("--tls-certificate")
    {
        Description = $"A certificate with its key, for clusters of several machines [default: ${CertificateVariable}]", HelpName = "FILE.pfx",
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

    /// <returns>How the command speaks to clusters beyond loopback; refusals go to stderr.</returns>
    /// <exception cref="UsageException">A file can't be used.</exception>
    public ClusterSecurity Read(ParseResult parsed, CliConsole console)
    {
        var (name, file) = Choose(parsed, _certificate, CertificateVariable, console);
        var (authorityName, authority) = Choose(parsed, _authority, AuthorityVariable, console);
        if (file is null && authority is not null && IsGiven(parsed, _authority))
            throw new UsageException($"{authorityName} needs {_certificate.Name} FILE.pfx: both ends of a connection show a certificate");
        return new(file is null ? null : Load(name, file, authority, console), line => SiloLog.Write(console.Error, line));
    }

    /// <returns>The option or the variable by which a certificate is given, for messages; null without one.</returns>
    public string? Given(ParseResult parsed, CliConsole console) => Choose(parsed, _certificate, CertificateVariable, console) is { Value: not null } given ? given.Name : null;

    /// <summary>Whether the certificate is asked for on the command line itself.</summary>
    public bool IsAsked(ParseResult parsed) => IsGiven(parsed, _certificate);

    private static bool IsGiven(ParseResult parsed, Option<string?> option) => parsed.GetValue(option) is not null;

    private static (string Name, string? Value) Choose(ParseResult parsed, Option<string?> option, string variable, CliConsole console) =>
        parsed.GetValue(option) is { } given ? (option.Name, given) : (variable, console.Variable(variable) is { Length: > 0 } text ? text : null);

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
