using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Connections.Security;

namespace TuneGrid.Silo.Security;

/// <summary>
/// How the connections of a process are secured: with a certificate by mutual TLS, where both ends show one of the same authority; without
/// one not at all. One object serves all silos and clients of a process, so that its log says nothing twice. Thread-safe.
/// </summary>
public sealed class ClusterSecurity
{
    private readonly ClusterCertificate? _own;
    private readonly RefusalLog _refusals;
    private readonly TimeProvider _time;
    private readonly ConnectionWatch _watch;

    /// <param name="own">Not disposed of here; null for connections without TLS.</param>
    /// <param name="report">
    /// Hears in one line of each connection that was refused, at most ten a minute. Called on any thread: it must be quick and not throw.
    /// </param>
    public ClusterSecurity(ClusterCertificate? own, Action<string>? report = null, TimeProvider? time = null)
        : this(own, new RefusalLog(report, time ?? TimeProvider.System), time ?? TimeProvider.System)
    {
    }

    private ClusterSecurity(ClusterCertificate? own, RefusalLog refusals, TimeProvider time) =>
        (_own, _refusals, _time, _watch) = (own, refusals, time, new(own, refusals, time));

    /// <summary>For connections that don't leave the machine.</summary>
    public static ClusterSecurity None { get; } = new(null);

    /// <summary>Our certificate; null without TLS.</summary>
    public ClusterCertificate? Own => _own;

    public bool UsesTls => _own is not null;

    /// <returns>
    /// Why the last connection that we opened since then came to nothing, or null: if a silo doesn't get into its cluster, that is why.
    /// </returns>
    public string? RefusalSince(DateTimeOffset time) => _watch.RefusalSince(time);

    /// <summary>The same without TLS; refusals go to the same log.</summary>
    public ClusterSecurity WithoutTls() => UsesTls ? new(null, _refusals, _time) : this;

    /// <summary>Secures what others open to a silo and its gateway, and what it opens to others.</summary>
    public void Secure(ISiloBuilder silo)
    {
        // The order of these is the order in which a connection passes through them.
        silo.Configure<SiloConnectionOptions>(o =>
        {
            o.ConfigureSiloInboundConnection(_watch.WatchInbound);
            o.ConfigureGatewayInboundConnection(_watch.WatchInbound);
            o.ConfigureSiloOutboundConnection(_watch.WatchOutbound);
        });
        if (_own is not null)
        {
            silo.Services.AddSingleton<ILoggerProvider, HandshakeLog>();
            silo.UseTls(tls => Configure(tls, _own));
            silo.Configure<SiloConnectionOptions>(o => o.ConfigureSiloInboundConnection(_watch.WatchIntroductions));
        }
        silo.Configure<SiloConnectionOptions>(o =>
        {
            o.ConfigureSiloInboundConnection(_watch.WatchFarewells);
            o.ConfigureGatewayInboundConnection(_watch.WatchFarewells);
        });
    }

    /// <summary>Secures what a client opens to the gateways of a cluster.</summary>
    public void Secure(IClientBuilder client)
    {
        client.Configure<ClientConnectionOptions>(o => o.ConfigureConnection(_watch.WatchOutbound));
        if (_own is null)
            return;
        client.Services.AddSingleton<ILoggerProvider, HandshakeLog>();
        client.UseTls(tls => Configure(tls, _own));
    }

    private static void Configure(TlsOptions tls, ClusterCertificate own)
    {
        tls.LocalCertificate = own.Certificate;
        tls.RemoteCertificateMode = RemoteCertificateMode.RequireCertificate;
        tls.ClientCertificateMode = RemoteCertificateMode.RequireCertificate;
        tls.RemoteCertificateValidation = (peer, chain, errors) => Handshake.Current?.Accepts(peer, chain, errors, own.Authority) ?? false;
        tls.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
        tls.HandshakeTimeout = ConnectionWatch.Patience;
        tls.OnAuthenticateAsServer = (_, options) => Listen((SslServerAuthenticationOptions)options.SslServerAuthenticationOptions, own);
        tls.OnAuthenticateAsClient = (context, options) =>
            Dial((SslClientAuthenticationOptions)options.SslClientAuthenticationOptions, context, own);
    }

    // A resumed session would skip what the first one had to prove; connections here are few and long.
    private static void Listen(SslServerAuthenticationOptions options, ClusterCertificate own)
    {
        options.ServerCertificateSelectionCallback = null;
        options.ServerCertificateContext = own.Chain;
        options.ClientCertificateRequired = true;
        options.CertificateChainPolicy = own.PolicyFor(PeerRole.Dials);
        options.AllowTlsResume = false;
    }

    private static void Dial(SslClientAuthenticationOptions options, ConnectionContext context, ClusterCertificate own)
    {
        options.ClientCertificates = null;
        options.ClientCertificateContext = own.Chain;
        options.CertificateChainPolicy = own.PolicyFor(PeerRole.Listens);
        // The name that the other side's certificate must carry.
        options.TargetHost = context.RemoteEndPoint is IPEndPoint remote ? CertificateText.Plain(remote.Address).ToString() : "";
        options.AllowTlsResume = false;
    }
}
