using System.Net;
using System.Net.Sockets;

namespace TuneGrid.Orleans.Tests.Processes;

/// <summary>Lets other machines reach a PostgreSQL server that listens on a socket file alone.</summary>
internal sealed class StoreRelay : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly UnixDomainSocketEndPoint _server;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    /// <param name="folder">Where the server's socket lies.</param>
    public StoreRelay(string address, string folder)
    {
        _listener = new(IPAddress.Parse(address), 0);
        _server = new(Path.Combine(folder, ".s.PGSQL.5432"));
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
            _ = RelayAsync(await _listener.AcceptSocketAsync(_stop.Token));
    }

    private async Task RelayAsync(Socket client)
    {
        using var server = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await using var near = new NetworkStream(client, ownsSocket: true);
        await server.ConnectAsync(_server, _stop.Token);
        await using var far = new NetworkStream(server);
        await Task.WhenAny(near.CopyToAsync(far, _stop.Token), far.CopyToAsync(near, _stop.Token));
    }
}
