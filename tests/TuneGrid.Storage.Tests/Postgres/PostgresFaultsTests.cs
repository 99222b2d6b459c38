using System.Net.Sockets;
using Npgsql;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Storage.Postgres;

namespace TuneGrid.Storage.Tests.Postgres;

public sealed class PostgresFaultsTests
{
    [Theory]
    [InlineData("25006", true)]
    [InlineData("53100", true)]
    [InlineData("53300", true)]
    [InlineData("53400", true)]
    [InlineData("57P01", true)]
    [InlineData("57P03", true)]
    [InlineData("58030", true)]
    [InlineData("08P01", true)]
    [InlineData("25P03", true)]
    [InlineData("28P01", false)]
    [InlineData("3D000", false)]
    [InlineData("42501", false)]
    [InlineData("26000", false)]
    public void What_may_pass_is_told_from_what_stays(string state, bool passes)
    {
        var told = PostgresFaults.Translate(new PostgresException("the server's own words", "ERROR", "ERROR", state), "postgresql://db");
        Assert.Equal(passes ? typeof(StoreUnavailableException) : typeof(StoreUnusableException), told.GetType());
        Assert.StartsWith("the store postgresql://db", told.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', told.Message);
    }

    [Fact]
    public async Task A_connection_that_is_no_longer_open_may_be_opened_again()
    {
        await using var closed = new NpgsqlConnection("Host=db");
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => new NpgsqlCommand("SELECT 1", closed).ExecuteScalarAsync());
        Assert.True(PostgresFaults.IsOurs(fault));
        Assert.IsType<StoreUnavailableException>(PostgresFaults.Translate(fault, "postgresql://db"));
        Assert.False(PostgresFaults.IsOurs(new InvalidOperationException("a mistake of ours")));
    }

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
