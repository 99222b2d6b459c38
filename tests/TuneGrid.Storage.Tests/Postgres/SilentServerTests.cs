using System.Net;
using System.Net.Sockets;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Simulation;
using TuneGrid.Storage.Postgres;

namespace TuneGrid.Storage.Tests.Postgres;

/// <summary>An address where nobody refuses and nobody answers.</summary>
public sealed class SilentServerTests
{
    [Fact]
    public async Task An_address_that_stays_silent_is_tried_twice_and_then_named()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var stop = new CancellationTokenSource();
        var calls = CountCallsAsync(listener, stop.Token);
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        // A second each instead of the usual five.
        var location = StoreLocation.Parse(
            FormattableString.Invariant($"Host=127.0.0.1;Port={port};Timeout=1;Username=me;Password=owner-secret"), null, _ => null);
        var fault = await Assert.ThrowsAsync<StoreUnavailableException>(() => StoreOpener.OpenAsync(location));
        await stop.CancelAsync();
        // A try may call a second time, to go on without encryption; six tries, as for a server that was there before, would call more
        // often.
        Assert.InRange(await calls, 2, 4);
        Assert.Contains($"postgresql://127.0.0.1:{port}", fault.Message, StringComparison.Ordinal);
        Assert.Contains("check Host and Port", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }

    [Theory]
    [InlineData("Host=db", "Timeout=5")]
    [InlineData("Host=db;Timeout=60", "Timeout=60")]
    public async Task A_connection_has_five_seconds_unless_somebody_says_otherwise(string text, string timeout)
    {
        await using var connections = new PostgresConnections(text, "here");
        Assert.Contains(timeout, connections.Source.ConnectionString.Split(';'));
    }

    private static async Task<int> CountCallsAsync(TcpListener listener, CancellationToken stop)
    {
        var calls = new List<TcpClient>();
        try
        {
            while (true)
                calls.Add(await listener.AcceptTcpClientAsync(stop));
        }
        catch (OperationCanceledException)
        {
            calls.ForEach(c => c.Dispose());
            return calls.Count;
        }
    }
}
