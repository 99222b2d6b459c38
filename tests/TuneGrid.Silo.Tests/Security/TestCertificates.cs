using System.Security.Cryptography.X509Certificates;
using TuneGrid.Silo.Security;

namespace TuneGrid.Silo.Tests.Security;

/// <summary>Certificates as they should be, and wrong in every way, in a folder of their own.</summary>
internal sealed class TestCertificates(string folder)
{
    private int _count;

    /// <summary>One of the cluster's authority, and right in every way.</summary>
    public ClusterCertificate Good(params string[] hosts) => Issue("cluster", hosts);

    public ClusterCertificate OfAnotherAuthority(params string[] hosts) => Issue("another", hosts);

    /// <summary>Has expired; its owner was not told so.</summary>
    public ClusterCertificate Expired(params string[] hosts) => Make(hosts, until: DateTimeOffset.UtcNow.AddHours(-1));

    /// <summary>Made for one end of connections only; its owner was not told so.</summary>
    public ClusterCertificate For(string purpose, params string[] hosts) => Make(hosts, purpose: purpose);

    private ClusterCertificate Issue(string name, string[] hosts)
    {
        using var authority = CertificateAuthority.OpenOrCreate(Path.Combine(folder, name), null, TimeProvider.System);
        return ClusterCertificate.Load(authority.Issue($"{name}-{Interlocked.Increment(ref _count)}", hosts).Path, null, null);
    }

    private ClusterCertificate Make(string[] hosts, DateTimeOffset? until = null, string? purpose = null)
    {
        using var authority = CertificateAuthority.OpenOrCreate(Path.Combine(folder, "cluster"), null, TimeProvider.System);
        string[] purposes = purpose is null ? [PeerRoles.ServerPurpose, PeerRoles.ClientPurpose] : [purpose];
        var from = DateTimeOffset.UtcNow.AddHours(-2);
        until ??= DateTimeOffset.UtcNow.AddHours(1);
        var certificate = CertificateRequests.Issue(authority.Certificate, "wrong", hosts, purposes, from, until.Value);
        return ClusterCertificate.Unchecked(certificate, [X509CertificateLoader.LoadCertificate(authority.Certificate.RawData)]);
    }
}
