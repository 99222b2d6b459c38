using System.Net.Sockets;
using Npgsql;
using TuneGrid.Storage.Postgres;

namespace TuneGrid.Storage.Tests.Postgres;

public sealed class PostgresFaultsTests
{
    [Fact]
    public void A_connection_that_broke_off_is_told_by_its_cause()
    {
        var reset = new IOException(
            "Unable to write data to the transport connection.", new SocketException((int)SocketError.ConnectionReset));
        var told = PostgresFaults.Translate(new NpgsqlException("Exception while writing to stream", reset), "postgresql://db").Message;
        Assert.StartsWith("the store postgresql://db does not answer: the connection broke off (", told, StringComparison.Ordinal);
        Assert.Contains(reset.InnerException!.Message, told, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", told, StringComparison.Ordinal);
    }
}
