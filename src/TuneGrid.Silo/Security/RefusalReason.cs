using System.Globalization;
using System.Security.Authentication;

namespace TuneGrid.Silo.Security;

/// <summary>What the end of a connection that never carried a message says about the other side; null for what is no refusal.</summary>
internal static class RefusalReason
{
    /// <summary>For a TLS handshake that failed.</summary>
    public static string? OfTls(Handshake handshake, ClusterCertificate own) =>
        (handshake.Problem, handshake.Failure, handshake.Peer) switch
    {
        ({ } problem, _, _) => problem,
        // Orleans' callback refuses by itself only where there is no certificate to ask our check about.
        (_, AuthenticationException e, PeerRole.Dials) when e.Message.Contains("ValidationCallback", StringComparison.Ordinal) =>
            "it showed no certificate",
        (_, AuthenticationException e, _) => $"the TLS handshake came to nothing ({Innermost(e)})",
        (_, OperationCanceledException, PeerRole.Dials) when handshake.Elapsed >= ConnectionWatch.Patience => string.Create(
            CultureInfo.InvariantCulture, $"it did not finish the TLS handshake within {ConnectionWatch.Patience.TotalSeconds} s"),
        // We leave; or a silo is frozen or far away, and has refused nobody.
        _ when !handshake.IsClosedByPeer => null,
        (_, _, PeerRole.Dials) => $"it broke off the TLS handshake, probably because it does not accept our certificate ({Describe(own)})",
        _ => "it broke off the TLS handshake, probably because it was started without TLS",
    };

    /// <summary>
    /// For the first messages, which tell each other's cluster. Whose certificate is refused learns it here: TLS 1.3 has let it through.
    /// </summary>
    /// <param name="own">Our certificate; null without TLS.</param>
    public static string? AfterTls(Exception failure, Handshake handshake, ClusterCertificate? own) => failure switch
    {
        // We are leaving.
        OperationCanceledException or ObjectDisposedException => null,
        InvalidOperationException e when IsOfAnotherCluster(e) => "it belongs to another cluster",
        InvalidOperationException e when Begins(e, "Connection terminated") => Closed(handshake, own),
        IOException => Closed(handshake, own),
        _ => $"it sent nonsense ({Innermost(failure)})",
    };

    public static bool IsOfAnotherCluster(InvalidOperationException failure) => Begins(failure, "Unexpected cluster id");

    // Who dials may leave at any time.
    private static string? Closed(Handshake handshake, ClusterCertificate? own) =>
        handshake.Peer == PeerRole.Dials || !handshake.IsClosedByPeer ? null
        : own is null ? "it closed the connection at once, probably because it uses TLS: give --tls-certificate FILE"
        : $"it closed the connection, probably because it does not accept our certificate ({Describe(own)})";

    private static bool Begins(Exception e, string text) => e.Message.StartsWith(text, StringComparison.Ordinal);

    private static string Describe(ClusterCertificate own) =>
        $"{own.Name}, by {own.Authority}, until {CertificateText.Day(own.ExpiresAt.UtcDateTime)}";

    private static string Innermost(Exception e) => e.GetBaseException().Message.ReplaceLineEndings(" ").TrimEnd('.', ' ');
}
