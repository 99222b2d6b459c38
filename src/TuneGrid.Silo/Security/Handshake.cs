using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace TuneGrid.Silo.Security;

/// <summary>
/// One connection on its way in. Orleans hands neither its certificate check nor its log the connection they are about; both run in the
/// flow of the connection's own task, where <see cref="Current"/> is that connection.
/// </summary>
internal sealed class Handshake(IPEndPoint? remote, PeerRole peer, WatchedTransport transport)
{
    private static readonly AsyncLocal<Handshake?> Flow = new();
    private readonly long _began = Stopwatch.GetTimestamp();

    public static Handshake? Current
    {
        get => Flow.Value;
        set => Flow.Value = value;
    }

    /// <summary>Which end the other side is.</summary>
    public PeerRole Peer => peer;

    public bool IsClosedByPeer => transport.IsClosedByPeer;

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_began);

    /// <summary>Why its certificate was refused; null as long as it wasn't.</summary>
    public string? Problem { get; private set; }

    /// <summary>What ended the handshake, as Orleans logged it.</summary>
    public Exception? Failure { get; set; }

    /// <summary>One line for people.</summary>
    public string Line(string problem) =>
        peer == PeerRole.Listens ? $"no connection to {remote}: {problem}" : $"refused a connection from {remote?.Address}: {problem}";

    /// <summary>Judges the other side's certificate by what the system found, and remembers what is wrong with it.</summary>
    public bool Accepts(X509Certificate2 certificate, X509Chain? chain, SslPolicyErrors errors, string authority)
    {
        if (errors == SslPolicyErrors.None)
            return true;
        Problem = errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors) && chain is not null
            ? CertificateText.Problem(certificate, chain, peer, authority, DateTime.Now)
            : CertificateText.Misnamed(certificate, remote?.Address);
        return false;
    }
}
