using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace TuneGrid.Silo.Security;

/// <summary>
/// What proves to the others of a cluster who this process is, and the authority by which it knows them. Thread-safe. Dispose of it when no
/// connection needs it any more.
/// </summary>
public sealed class ClusterCertificate : IDisposable
{
    /// <summary>The environment variable that holds the password of .pfx files and of the authority's key.</summary>
    public const string PasswordVariable = "TUNEGRID_TLS_PASSWORD";

    private readonly X509Certificate2 _certificate;
    private readonly X509Certificate2Collection _authorities;
    private readonly X509Certificate2Collection _others;

    private ClusterCertificate(X509Certificate2 certificate, X509Certificate2Collection authorities, X509Certificate2Collection others)
    {
        (_certificate, _authorities, _others) = (certificate, authorities, others);
        // Offline: a certificate in between that the file lacks is not looked for in the network.
        Chain = SslStreamCertificateContext.Create(certificate, others, offline: true);
    }

    /// <summary>For whom it was made out.</summary>
    public string Name => CertificateText.Name(_certificate);

    /// <summary>Who vouches for it, and must vouch for the others.</summary>
    public string Authority => CertificateText.Names(_authorities);

    public DateTimeOffset ExpiresAt => _certificate.NotAfter;

    /// <summary>The host names and addresses that others may dial to reach whoever has it.</summary>
    public IReadOnlyList<string> Hosts => CertificateText.Hosts(_certificate);

    internal X509Certificate2 Certificate => _certificate;

    /// <summary>What is shown to the other side.</summary>
    internal SslStreamCertificateContext Chain { get; }

    /// <summary>Reads and checks them: whoever holds the result can prove its identity to others of its authority.</summary>
    /// <param name="file">A .pfx file with a certificate, its private key and usually its authority.</param>
    /// <param name="authorityFile">PEM or DER; null takes the authority from <paramref name="file"/>.</param>
    /// <param name="password">Of <paramref name="file"/>; null or empty for none.</param>
    /// <exception cref="CertificateException">
    /// A file is missing, can't be read or lacks something; the certificate has expired, is of another authority, or isn't made for both
    /// ends of a connection.
    /// </exception>
    public static ClusterCertificate Load(string file, string? authorityFile, string? password)
    {
        var content = CertificateFile.ReadPfx(file, password);
        var mine = content.Where(c => c.HasPrivateKey).OrderBy(CertificateText.IsAuthority).FirstOrDefault()
            ?? throw new CertificateException($"'{file}' holds no private key: export the certificate together with its key");
        var vouching = authorityFile is null ? content : CertificateFile.ReadCertificates(authorityFile);
        X509Certificate2Collection authorities = [.. vouching.Where(CertificateText.IsRoot)];
        if (authorities.Count == 0)
        {
            throw new CertificateException(authorityFile is null
                ? $"'{file}' doesn't say which authority to trust: name its certificate with --tls-authority FILE"
                : $"'{authorityFile}' holds no root certificate: expected the authority at the end of the chain, which vouches for itself");
        }
        var others = content.Concat(vouching).Where(c => c != mine && !CertificateText.IsRoot(c));
        var read = new ClusterCertificate(mine, authorities, [.. others]);
        foreach (var end in new[] { PeerRole.Listens, PeerRole.Dials })
        {
            if (read.Problem(mine, end) is { } problem)
                throw new CertificateException($"'{file}': {problem}");
        }
        return read;
    }

    /// <summary>One that nobody has looked at, for tests of those who do.</summary>
    internal static ClusterCertificate Unchecked(X509Certificate2 certificate, X509Certificate2Collection authorities) =>
        new(certificate, authorities, []);

    /// <summary>Whether whoever dials this address accepts the certificate there.</summary>
    public bool IsFor(IPAddress address) => CertificateText.IsFor(_certificate, address);

    public void Dispose()
    {
        _certificate.Dispose();
        foreach (var certificate in _authorities.Concat(_others))
            certificate.Dispose();
    }

    /// <summary>By what the other side is judged: this authority alone, whatever the system trusts, and nothing from the network.</summary>
    internal X509ChainPolicy PolicyFor(PeerRole peer)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(_authorities);
        policy.ExtraStore.AddRange(_others);
        policy.ApplicationPolicy.Add(peer.Purpose());
        return policy;
    }

    /// <summary>Why a certificate is not accepted, or null.</summary>
    private string? Problem(X509Certificate2 certificate, PeerRole role)
    {
        using var chain = new X509Chain { ChainPolicy = PolicyFor(role) };
        return chain.Build(certificate) ? null : CertificateText.Problem(certificate, chain, role, Authority, now: DateTime.Now);
    }
}
