using TuneGrid.Cli.Terminal;
using TuneGrid.Testing.Commands;

namespace TuneGrid.Cli.Tests;

/// <summary>
/// <c>tunegrid cluster certificate</c>, and the flags by which others take what it made: mistakes are told before a port is opened.
/// </summary>
public sealed class ClusterCertificateTests : IDisposable
{
    private readonly Shell _shell = new();

    public void Dispose() => _shell.Dispose();

    private string Folder => Path.Combine(_shell.Home, "certificates");

    [Fact]
    public async Task It_says_what_was_made_what_to_copy_and_which_variable_to_set()
    {
        var answer = await _shell.RunAsync("cluster", "certificate", "--out", Folder, "--host", "node2.example", "--host", "192.0.2.7");

        Assert.True(answer.Code == ExitCodes.Fine, answer.ToString());
        var pfx = Path.Combine(Folder, "node2.example.pfx");
        Assert.Contains($"made {Path.Combine(Folder, "authority.crt")}: TuneGrid authority ", answer.Out);
        Assert.Matches($"issued .*node2.example.pfx: for .*localhost.*127.0.0.1.*node2.example, 192.0.2.7, valid until 2", answer.Out);
        Assert.Equal(2, answer.Error.TrimEnd().Split('\n').Length);
        Assert.Contains($"copy {pfx}, and nothing else", answer.Error);
        Assert.Contains("set TUNEGRID_TLS_CERTIFICATE to its path, and tunegrid start-silo --listen", answer.Error);

        var again = await _shell.RunAsync("cluster", "certificate", "--out", Folder);
        Assert.True(again.Code == ExitCodes.Fine, again.ToString());
        Assert.Contains("kept ", again.Out);
        await IsRefusedAsync("node2.example.pfx' is valid until", "cluster", "certificate", "--out", Folder, "--host", "node2.example");
    }

    [Fact]
    public async Task As_JSON_it_is_one_object()
    {
        _shell.Variables["TUNEGRID_TLS_PASSWORD"] = "secret";
        var answer = await _shell.RunAsync(
            "cluster", "certificate", "--out", Folder, "--name", "all", "--host", "192.0.2.7", "--output", "json");

        Assert.True(answer.Code == ExitCodes.Fine, answer.ToString());
        Assert.Equal(Path.Combine(Folder, "all.pfx"), answer.Json["certificate"]!.GetValue<string>());
        Assert.Equal("192.0.2.7", answer.Json["hosts"]!.AsArray()[^1]!.GetValue<string>());
        Assert.True(answer.Json["authority_is_new"]!.GetValue<bool>());
        Assert.DoesNotContain("secret", answer.ToString());
        Assert.Contains("ENCRYPTED", File.ReadAllText(Path.Combine(Folder, "authority.key")));
    }

    [Theory]
    [InlineData("cluster", "needs one of: certificate")]
    [InlineData("cluster certificate", "'--out' is required")]
    [InlineData("cluster certificate --out x --host no/host", "--host is 'no/host'; expected a host name or an address")]
    [InlineData("start-silo --listen 192.0.2.7",
        "opens a port to the network: give --tls-certificate FILE.pfx ('tunegrid cluster certificate' makes one), or --insecure")]
    [InlineData("search x.json --listen 192.0.2.7:11111", "--listen 192.0.2.7 opens a port to the network")]
    [InlineData("search x.json --listen 127.0.0.1 --no-silo", "--listen is for a silo of this search, and --no-silo hosts none")]
    [InlineData("start-silo --listen 192.0.2.7 --insecure", "this machine has no address 192.0.2.7")]
    [InlineData("start-silo --insecure", "--insecure is for --listen ADDRESS")]
    [InlineData("start-silo --tls-certificate x.pfx", "--tls-certificate: there is no file 'x.pfx'")]
    [InlineData("start-silo --listen 127.0.0.1 --insecure --tls-certificate x.pfx", "--insecure contradicts --tls-certificate: drop one")]
    [InlineData("start-silo --listen 127.0.0.1 --tls-authority x.crt", "--tls-authority needs --tls-certificate FILE.pfx")]
    [InlineData("resume x --tls-certificate x.pfx", "--tls-certificate: there is no file 'x.pfx'")]
    public Task Flags_that_make_no_sense_are_refused(string line, string expected) => IsRefusedAsync(expected, line.Split(' '));

    [Fact]
    public async Task Files_that_can_not_serve_are_refused_before_anything_listens()
    {
        var (good, authority) = (await IssueAsync("good"), Path.Combine(Folder, "authority.crt"));
        var text = _shell.File("text.pfx", "Once upon a time");
        await IsRefusedAsync("tunegrid: --tls-certificate: ", Silo(text));
        await IsRefusedAsync("is no .pfx (PKCS #12) file", Silo(text));
        await IsRefusedAsync("--tls-certificate is for --listen ADDRESS", "start-silo", "--tls-certificate", good);
        await IsRefusedAsync("--tls-certificate: there is no file 'nowhere.crt'", [.. Silo(good), "--tls-authority", "nowhere.crt"]);
        await IsRefusedAsync("the certificate is for ", "start-silo", "--listen", "127.0.0.7", "--tls-certificate", good);

        var other = Path.Combine(_shell.Home, "other");
        await IssueAsync("other", other);
        await IsRefusedAsync("is signed by TuneGrid authority ", [.. Silo(good), "--tls-authority", Path.Combine(other, "authority.crt")]);

        _shell.Variables["TUNEGRID_TLS_PASSWORD"] = "secret";
        var locked = await IssueAsync("locked", Path.Combine(_shell.Home, "locked"));
        _shell.Variables["TUNEGRID_TLS_PASSWORD"] = "wrong";
        await IsRefusedAsync("has another password than TUNEGRID_TLS_PASSWORD", Silo(locked));
        Assert.True(File.Exists(authority));
    }

    [Fact]
    public async Task The_environment_serves_as_well_and_is_named_in_messages()
    {
        _shell.Variables["TUNEGRID_TLS_CERTIFICATE"] = "nowhere.pfx";
        await IsRefusedAsync("tunegrid: TUNEGRID_TLS_CERTIFICATE: there is no file 'nowhere.pfx'", "start-silo", "--listen", "127.0.0.1");
        await IsRefusedAsync("--insecure contradicts TUNEGRID_TLS_CERTIFICATE", "start-silo", "--listen", "127.0.0.1", "--insecure");
    }

    private static string[] Silo(string certificate) => ["start-silo", "--listen", "127.0.0.1", "--tls-certificate", certificate];

    private async Task<string> IssueAsync(string name, string? folder = null)
    {
        var answer = await _shell.RunAsync("cluster", "certificate", "--out", folder ?? Folder, "--name", name, "--output", "json");
        Assert.True(answer.Code == ExitCodes.Fine, answer.ToString());
        return answer.Json["certificate"]!.GetValue<string>();
    }

    private async Task IsRefusedAsync(string expected, params string[] line)
    {
        var answer = await _shell.RunAsync(line);
        Assert.True(answer.Code == ExitCodes.BadInput, answer.ToString());
        Assert.Contains(expected, answer.Error);
        Assert.Single(answer.Error.TrimEnd().Split('\n'));
        Assert.Empty(answer.Out);
    }
}
