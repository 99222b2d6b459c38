using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace TuneGrid.Silo.Security;

/// <summary>
/// Makes the certificates of a cluster: an authority, and under it those for the ends of connections. Keys are ECDSA P-256.
/// </summary>
internal static class CertificateRequests
{
    private const int SerialBytes = 16;

    /// <returns>A root certificate with its key that may sign others directly below it.</returns>
    public static X509Certificate2 Authority(string name, DateTimeOffset from, DateTimeOffset until)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(Subject(name), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForCertificateAuthority(pathLengthConstraint: 0));
        const X509KeyUsageFlags Usage = X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign;
        request.CertificateExtensions.Add(new X509KeyUsageExtension(Usage, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request.CreateSelfSigned(from, until);
    }

    /// <param name="authority">With its key.</param>
    /// <param name="hosts">Host names and addresses.</param>
    /// <param name="purposes">Extended key usages, as object identifiers.</param>
    /// <returns>A certificate with its key.</returns>
    public static X509Certificate2 Issue(
        X509Certificate2 authority, string name, IEnumerable<string> hosts, IEnumerable<string> purposes,
        DateTimeOffset from, DateTimeOffset until)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(Subject(name), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForEndEntity(critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. purposes.Select(p => new Oid(p))], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));
        request.CertificateExtensions.Add(Hosts(hosts));
        var serial = RandomNumberGenerator.GetBytes(SerialBytes);
        // Serial numbers are positive.
        serial[0] &= 0x7f;
        using var issued = request.Create(authority, from, until, serial);
        return issued.CopyWithPrivateKey(key);
    }

    private static X500DistinguishedName Subject(string name)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(name);
        return subject.Build();
    }

    private static X509Extension Hosts(IEnumerable<string> hosts)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts)
        {
            if (IPAddress.TryParse(host, out var address))
                names.AddIpAddress(CertificateText.Plain(address));
            else
                names.AddDnsName(host);
        }
        return names.Build();
    }
}
