using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json.Nodes;
using TuneGrid.Cli.Flags;
using TuneGrid.Cli.Terminal;
using TuneGrid.Silo.Security;

namespace TuneGrid.Cli.Commands;

/// <summary><c>tunegrid cluster certificate --out DIR</c>: what silos and clients of several machines know each other by.</summary>
internal static class ClusterCommand
{
    public static Command Create(CliConsole console) =>
        new("cluster", "What a cluster of several machines needs.") { Certificate(console) };

    private static Command Certificate(CliConsole console)
    {
        var folder = new Option<string>("--out")
        {
            Description = "The folder of the authority, which is made there unless it is there already, and of the certificate",
            HelpName = "DIR", Required = true,
        };
        var hosts = new Option<string[]>("--host")
        {
            Description = "A host name or address of another machine that will use it; repeat for more", HelpName = "NAME|ADDRESS",
        };
        hosts.Validators.Add(CheckHosts);
        var name = new Option<string?>("--name")
        {
            Description = "What the certificate, and its file, is called [default: the first --host, else this machine's name]",
            HelpName = "NAME",
        };
        var output = CommonOptions.Output();
        const string Description = "Issues a certificate for this machine, and the authority that vouches for it.";
        var command = new Command("certificate", Description) { folder, hosts, name, output };
        command.SetAction(parsed =>
        {
            var others = parsed.GetValue(hosts) ?? [];
            try
            {
                var password = console.Variable(ClusterCertificate.PasswordVariable);
                using var authority = CertificateAuthority.OpenOrCreate(parsed.GetValue(folder)!, password, TimeProvider.System);
                var issued = authority.Issue(
                    parsed.GetValue(name) ?? others.FirstOrDefault() ?? MachineNames.Host,
                    [.. MachineNames.All().Concat(others).Distinct(StringComparer.OrdinalIgnoreCase)]);
                if (parsed.GetValue(output) == OutputFormat.Json)
                    Json.Write(console, Describe(authority, issued));
                else
                    Print(console, authority, issued, hasPassword: !string.IsNullOrEmpty(password));
            }
            catch (CertificateException e)
            {
                throw new UsageException(e.Message);
            }
            return ExitCodes.Fine;
        });
        return command;
    }

    private static void CheckHosts(OptionResult result)
    {
        foreach (var host in result.Tokens.Select(t => t.Value).Where(h => Uri.CheckHostName(h) == UriHostNameType.Unknown))
            result.AddError($"--host is '{host}'; expected a host name or an address");
    }

    private static JsonObject Describe(CertificateAuthority authority, IssuedCertificate issued) => new()
    {
        ["certificate"] = Path.GetFullPath(issued.Path),
        ["name"] = issued.Name,
        ["hosts"] = Json.Array(issued.Hosts.Select(h => (JsonNode?)h)),
        ["valid_until"] = Json.Time(issued.ExpiresAt),
        ["replaced_expired"] = issued.IsReplaced,
        ["authority"] = Path.GetFullPath(authority.Path),
        ["authority_name"] = authority.Name,
        ["authority_valid_until"] = Json.Time(authority.ExpiresAt),
        ["authority_is_new"] = authority.IsNew,
    };

    private static void Print(CliConsole console, CertificateAuthority authority, IssuedCertificate issued, bool hasPassword)
    {
        var (kept, replaced) = (authority.IsNew ? "made" : "kept", issued.IsReplaced ? ", in place of one that had expired" : "");
        console.Word.WriteLine($"{kept} {authority.Path}: {authority.Name}, valid until {Json.Time(authority.ExpiresAt)}");
        var hosts = string.Join(", ", issued.Hosts);
        console.Word.WriteLine($"issued {issued.Path}: for {hosts}, valid until {Json.Time(issued.ExpiresAt)}{replaced}");
        var password = hasPassword ? $" and {ClusterCertificate.PasswordVariable}" : "";
        console.Error.WriteLine(
            $"next: copy {issued.Path}, and nothing else, to each machine it is for, readable by its owner alone; "
            + "authority.key stays here");
        console.Error.WriteLine(
            $"then there: set {TlsFlag.CertificateVariable} to its path{password}, and tunegrid start-silo --listen ADDRESS");
    }
}
