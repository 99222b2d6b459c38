using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using TuneGrid.Silo.Security;

namespace TuneGrid.Silo.Tests.Security;

/// <summary>Programs that are no silo at the two ports of one: each from an address of its own, which its log tells.</summary>
public sealed class StrangersTests(TwoSilos silos) : IClassFixture<TwoSilos>
{
    private readonly SecureCluster _cluster = silos.Cluster;
    private readonly byte[] _answer = new byte[256];

    private SecureCluster.Log Log => _cluster.Members[0].Log;

    [Theory]
    [InlineData(false, "127.0.1.1")]
    [InlineData(true, "127.0.1.2")]
    public async Task Another_protocol_is_turned_away_at_its_first_bytes(bool isGateway, string from)
    {
        using var socket = await DialAsync(isGateway, from);
        Assert.Equal(0, await SayAsync(socket.GetStream(), "GET / HTTP/1.1\r\nHost: silo\r\n\r\n"u8.ToArray()));
        await Log.SaysAsync($"refused a connection from {from}: it does not speak TLS");
        await _cluster.IsUndisturbedAsync();
    }

    [Theory]
    [InlineData(false, "127.0.1.3")]
    [InlineData(true, "127.0.1.4")]
    public async Task Garbage_that_begins_like_TLS_is_turned_away(bool isGateway, string from)
    {
        using var socket = await DialAsync(isGateway, from);
        // Closed, or told why first: a TLS alert is 5 bytes of header and 2 of its own (RFC 8446, 6). Which one is a matter of timing.
        Assert.Contains(await SayAsync(socket.GetStream(), [0x16, 3, 1, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8]), new[] { 0, 7 });
        await Log.SaysAsync($"refused a connection from {from}: the TLS handshake came to nothing (");
        await _cluster.IsUndisturbedAsync();
    }

    [Theory]
    [InlineData(false, SslProtocols.Tls12, "127.0.1.5")]
    [InlineData(true, SslProtocols.Tls12, "127.0.1.6")]
    [InlineData(false, SslProtocols.Tls13, "127.0.1.7")]
    [InlineData(true, SslProtocols.Tls13, "127.0.1.8")]
    public async Task TLS_without_a_certificate_is_turned_away(bool isGateway, SslProtocols protocol, string from)
    {
        using var socket = await DialAsync(isGateway, from);
        Assert.Equal(0, await GreetAsync(socket, protocol, null));
        await Log.SaysAsync($"refused a connection from {from}: it showed no certificate");
        await _cluster.IsUndisturbedAsync();
    }

    [Theory]
    [InlineData(false, "127.0.1.9")]
    [InlineData(true, "127.0.1.10")]
    public async Task A_certificate_for_servers_does_not_let_a_client_in(bool isGateway, string from)
    {
        using var socket = await DialAsync(isGateway, from);
        Assert.Equal(0, await GreetAsync(socket, SslProtocols.None, _cluster.Certificates.For(PeerRoles.ServerPurpose)));
        await Log.SaysAsync($"from {from}: its certificate (wrong) is not made for client authentication (extended key usage)");
        await _cluster.IsUndisturbedAsync();
    }

    [Fact]
    public async Task Nonsense_under_a_good_certificate_is_turned_away()
    {
        using var socket = await DialAsync(isGateway: false, "127.0.1.11");
        Assert.Equal(0, await GreetAsync(socket, SslProtocols.None, _cluster.Certificates.Good()));
        await Log.SaysAsync("refused a connection from 127.0.1.11: it sent nonsense (");
        await _cluster.IsUndisturbedAsync();
    }

    /// <summary>Silos look at each other's ports before they join, and so do monitors.</summary>
    [Fact]
    public async Task Who_only_looks_whether_a_port_is_open_leaves_no_line()
    {
        (await DialAsync(isGateway: false, "127.0.1.12")).Dispose();
        using var socket = await DialAsync(isGateway: false, "127.0.1.13");
        await socket.GetStream().WriteAsync(new byte[] { 1, 2, 3 });
        await Log.SaysAsync("127.0.1.13");
        Assert.DoesNotContain(Log.Lines, l => l.Contains("127.0.1.12", StringComparison.Ordinal));
    }

    private async Task<TcpClient> DialAsync(bool isGateway, string from)
    {
        var silo = _cluster.Members[0];
        var socket = new TcpClient(new IPEndPoint(IPAddress.Parse(from), 0));
        await socket.ConnectAsync((isGateway ? silo.Gateway : silo.Address).Endpoint);
        return socket;
    }

    private async Task<int> GreetAsync(TcpClient socket, SslProtocols protocols, ClusterCertificate? certificate)
    {
        using var tls = new SslStream(socket.GetStream());
        try
        {
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "127.0.0.1",
                EnabledSslProtocols = protocols,
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
                ClientCertificateContext = certificate?.Chain,
                ApplicationProtocols = [new("Orleans1")],
            });
        }
        catch (IOException)
        {
            // TLS 1.2 asks for the certificate first.
            return 0;
        }
        return await SayAsync(tls, [3, 0, 0, 0, 1, 2, 3]);
    }

    /// <returns>How many bytes came back before the silo closed the connection: none.</returns>
    private async Task<int> SayAsync(Stream stream, byte[] bytes)
    {
        try
        {
            await stream.WriteAsync(bytes);
            return await stream.ReadAsync(_answer);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
