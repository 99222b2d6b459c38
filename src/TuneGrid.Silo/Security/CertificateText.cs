using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace TuneGrid.Silo.Security;

/// <summary>Certificates in the words of people.</summary>
internal static class CertificateText
{
    private const X509ChainStatusFlags OfOthers = X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot;

    public static bool IsRoot(X509Certificate2 certificate) =>
        certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);

    public static bool IsAuthority(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(e => e.CertificateAuthority);

    public static string Name(X509Certificate2 certificate) => certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);

    public static string Names(X509Certificate2Collection certificates) => string.Join(" or ", certificates.Select(Name));

    /// <summary>The host names and addresses for which a certificate stands.</summary>
    public static IReadOnlyList<string> Hosts(X509Certificate2 certificate) =>
    [
        .. certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(e => e.EnumerateDnsNames().Concat(e.EnumerateIPAddresses().Select(a => a.ToString()))),
    ];

    /// <summary>Whether it stands for an address.</summary>
    public static bool IsFor(X509Certificate2 certificate, IPAddress address) =>
        certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().Any(e => e.EnumerateIPAddresses().Contains(Plain(address)));

    public static string Misnamed(X509Certificate2? certificate, IPAddress? address) =>
        certificate is null
            ? "it showed no certificate"
            : $"its certificate ({Name(certificate)}) is for {Listed(Hosts(certificate))}, not for {address}";

    public static string Listed(IReadOnlyList<string> hosts) => string.Join(", ", hosts.DefaultIfEmpty("no host"));

    /// <summary>An address as certificates write it: without the scope of a link, and IPv4 as such.</summary>
    public static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : new(address.GetAddressBytes());

    public static string Day(DateTime time) => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>Why a chain that was built is not accepted.</summary>
    public static string Problem(X509Certificate2 certificate, X509Chain chain, PeerRole role, string authority, DateTime now)
    {
        var flags = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, status) => all | status.Status);
        if ((flags & OfOthers) != 0)
            return $"its certificate is signed by {Issuer(certificate)}, not by {authority}";
        if (flags.HasFlag(X509ChainStatusFlags.NotTimeValid))
        {
            var all = chain.ChainElements.Select(e => e.Certificate);
            var bad = all.FirstOrDefault(c => now < c.NotBefore || now > c.NotAfter) ?? certificate;
            return now > bad.NotAfter
                ? $"its certificate ({Name(bad)}) expired on {Day(bad.NotAfter)}"
                : $"its certificate ({Name(bad)}) is not valid before {Day(bad.NotBefore)}: are the clocks right?";
        }
        if (flags.HasFlag(X509ChainStatusFlags.NotValidForUsage))
        {
            var purpose = role == PeerRole.Listens ? "server authentication" : "client authentication";
            return $"its certificate ({Name(certificate)}) is not made for {purpose} (extended key usage)";
        }
        var status = chain.ChainStatus.FirstOrDefault().StatusInformation?.Trim().TrimEnd('.');
        return $"its certificate ({Name(certificate)}) is not valid: {status}";
    }

    private static string Issuer(X509Certificate2 certificate) =>
        IsRoot(certificate) ? $"itself ({Name(certificate)})" : certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: true);
}
