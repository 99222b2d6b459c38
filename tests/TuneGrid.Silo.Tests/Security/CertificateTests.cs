using System.Net;
using System.Security.Cryptography.X509Certificates;
using TuneGrid.Silo.Security;
using TuneGrid.Testing.Contracts;
using TuneGrid.Testing.Processes;

namespace TuneGrid.Silo.Tests.Security;

/// <summary>Certificates from the file of whoever issued them to that of whoever uses them.</summary>
public sealed class CertificateTests : IDisposable
{
    private const string Password = "correct horse";
    private readonly Sandbox _sandbox = new();
    private readonly SettableClock _clock = new() { Now = DateTimeOffset.UtcNow };

    public void Dispose() => _sandbox.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData(Password)]
    public void A_certificate_is_for_its_hosts_and_of_the_authority_that_came_with_it(string? password)
    {
        using var authority = Open(password);
        var issued = authority.Issue("silo", ["silo.example", "192.0.2.7", "2001:db8::7"]);
        using var certificate = ClusterCertificate.Load(issued.Path, null, password);
        Assert.Equal(["silo.example", "192.0.2.7", "2001:db8::7"], certificate.Hosts);
        Assert.True(certificate.IsFor(IPAddress.Parse("192.0.2.7")) && certificate.IsFor(IPAddress.Parse("::ffff:192.0.2.7")));
        Assert.False(certificate.IsFor(IPAddress.Parse("192.0.2.8")));
        Assert.Equal(("silo", authority.Name), (certificate.Name, certificate.Authority));
        Assert.Equal(_clock.Now + CertificateAuthority.CertificateLife, certificate.ExpiresAt, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void The_authority_is_kept_and_vouches_for_all_it_issued()
    {
        using var first = Open(Password);
        using var second = Open(Password);
        Assert.True(first.IsNew);
        Assert.False(second.IsNew);
        Assert.Equal(first.Name, second.Name);
        using var certificate = ClusterCertificate.Load(second.Issue("b", []).Path, first.Path, Password);
        Assert.Equal(first.Name, certificate.Authority);
    }

    [Fact]
    public void A_certificate_is_replaced_once_it_has_expired_and_not_before()
    {
        using (var past = Open())
            Assert.False(past.Issue("silo", []).IsReplaced);
        _clock.Now += CertificateAuthority.CertificateLife - TimeSpan.FromHours(1);
        using var authority = Open();
        Assert.Contains("is valid until", Assert.Throws<CertificateException>(() => authority.Issue("silo", [])).Message);
        _clock.Now += TimeSpan.FromHours(2);
        Assert.True(authority.Issue("silo", []).IsReplaced);
    }

    [Fact]
    public void A_certificate_never_outlives_its_authority_and_an_expired_one_issues_none()
    {
        Open().Dispose();
        _clock.Now += CertificateAuthority.AuthorityLife - TimeSpan.FromDays(1);
        using (var old = Open())
            Assert.Equal(old.ExpiresAt, old.Issue("silo", []).ExpiresAt, TimeSpan.FromSeconds(1));
        _clock.Now += TimeSpan.FromDays(2);
        Assert.Contains("expired on", Assert.Throws<CertificateException>(() => Open()).Message);
    }

    [NeedsFact(Need.Unix)]
    public void Only_their_owner_may_read_files_with_keys()
    {
        using var authority = Open();
        var pfx = authority.Issue("silo", []).Path;
        foreach (var file in new[] { pfx, Path.Combine(Folder, "authority.key") })
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(["authority.crt", "authority.key", "silo.pfx"], Directory.GetFiles(Folder).Select(f => Path.GetFileName(f)).Order());
    }

    [Fact]
    public void What_is_left_of_an_authority_is_not_replaced()
    {
        Open().Dispose();
        File.Delete(Path.Combine(Folder, "authority.key"));
        Assert.Contains("authority.crt' without", Assert.Throws<CertificateException>(() => Open()).Message);
    }

    [Fact]
    public void An_authority_opens_with_its_password_only()
    {
        Open(Password).Dispose();
        Assert.Contains("needs a password: set TUNEGRID_TLS_PASSWORD", Assert.Throws<CertificateException>(() => Open()).Message);
        Assert.Contains("is another password", Assert.Throws<CertificateException>(() => Open("wrong")).Message);
    }

    [Fact]
    public void What_can_not_serve_says_why_in_one_line()
    {
        using var authority = Open(Password);
        var good = authority.Issue("good", []).Path;
        IsRefused("there is no file 'nowhere.pfx'", "nowhere.pfx");
        IsRefused("is no .pfx (PKCS #12) file", authority.Path);
        IsRefused("is no .pfx (PKCS #12) file", _sandbox.Write("text.pfx", "Once upon a time"));
        IsRefused("has another password than TUNEGRID_TLS_PASSWORD", good, password: "wrong");
        IsRefused("needs a password: set TUNEGRID_TLS_PASSWORD", good, password: "");
        IsRefused("there is no file 'nowhere.crt'", good, "nowhere.crt");
        IsRefused("holds no certificate; expected PEM or DER", good, _sandbox.Write("text.crt", "Once upon a time"));

        using var read = X509CertificateLoader.LoadPkcs12FromFile(good, Password, X509KeyStorageFlags.Exportable);
        IsRefused("doesn't say which authority to trust: name its certificate with --tls-authority FILE", Write("alone.pfx", read));
        IsRefused("holds no root certificate", good, Write("leaf.crt", read));
        using var keyless = X509CertificateLoader.LoadCertificate(read.RawData);
        IsRefused("holds no private key", Write("keyless.pfx", keyless));
    }

    [Fact]
    public void What_others_would_refuse_is_refused_at_once()
    {
        using var authority = Open();
        using var other = CertificateAuthority.OpenOrCreate(Path.Combine(_sandbox.Folder, "other"), null, _clock);
        var (good, server) = (authority.Issue("good", []).Path, Issue(authority, "server", PeerRoles.ServerPurpose));
        var client = Issue(authority, "client", PeerRoles.ClientPurpose);
        IsRefused($"its certificate is signed by {authority.Name}, not by {other.Name}", good, other.Path, password: null);
        IsRefused("its certificate (server) is not made for client authentication", server, password: null);
        IsRefused("its certificate (client) is not made for server authentication", client, password: null);
        _clock.Now -= CertificateAuthority.CertificateLife + TimeSpan.FromDays(1);
        using var past = CertificateAuthority.OpenOrCreate(Path.Combine(_sandbox.Folder, "past"), null, _clock);
        IsRefused("its certificate (old) expired on", past.Issue("old", []).Path, password: null);
    }

    private string Folder => Path.Combine(_sandbox.Folder, "certificates");

    private CertificateAuthority Open(string? password = null) => CertificateAuthority.OpenOrCreate(Folder, password, _clock);

    private string Issue(CertificateAuthority authority, string name, string purpose)
    {
        var (from, until) = (_clock.Now.AddHours(-1), _clock.Now.AddHours(1));
        using var issued = CertificateRequests.Issue(authority.Certificate, name, ["localhost"], [purpose], from, until);
        using var root = X509CertificateLoader.LoadCertificate(authority.Certificate.RawData);
        var path = Path.Combine(_sandbox.Folder, $"{name}.pfx");
        X509Certificate2Collection content = [issued, root];
        File.WriteAllBytes(path, content.ExportPkcs12(Pkcs12ExportPbeParameters.Pbes2Aes256Sha256, null));
        return path;
    }

    private string Write(string name, X509Certificate2 certificate)
    {
        var path = Path.Combine(_sandbox.Folder, name);
        File.WriteAllBytes(path, name.EndsWith(".pfx", StringComparison.Ordinal)
            ? certificate.ExportPkcs12(Pkcs12ExportPbeParameters.Pbes2Aes256Sha256, Password)
            : certificate.RawData);
        return path;
    }

    private static void IsRefused(string why, string file, string? authority = null, string? password = Password)
    {
        var message = Assert.Throws<CertificateException>(() => ClusterCertificate.Load(file, authority, password)).Message;
        Assert.Contains(why, message);
        Assert.DoesNotContain('\n', message);
    }
}
