using TuneGrid.Cli.Terminal;
using TuneGrid.Testing.Commands;
using TuneGrid.Testing.Processes;
using TuneGrid.Testing.Servers;

namespace TuneGrid.Cli.Tests.Telemetry;

/// <summary>What <c>--trace-sql</c> and <c>--trace-orleans</c> add, from the real sources.</summary>
public sealed class WiderTraceTests
{
    [NeedsFact(Need.PostgreSql)]
    public async Task Statements_of_a_PostgreSQL_store_are_traced_when_asked_for()
    {
        using var server = new PostgresServer();
        using var shell = new Shell();
        shell.Variables["TUNEGRID_STORE"] = server.ConnectionString;
        Assert.Equal(ExitCodes.Fine, (await shell.RunAsync("store", "init")).Code);

        var without = await shell.RunAsync("start-silo", "--idle-exit", "0", "--threads", "1", "--trace", "lines");
        var with = await shell.RunAsync("start-silo", "--idle-exit", "0", "--threads", "1", "--trace", "lines", "--trace-sql");

        Assert.True(with.Code == ExitCodes.Fine, with.ToString());
        Assert.DoesNotContain("db.query.text=", without.Error, StringComparison.Ordinal);
        Assert.Contains("db.query.text=", with.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("owner-secret", with.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_Orleans_itself_does_is_traced_when_asked_for()
    {
        using var sandbox = new Sandbox();
        using var silo = TuneGridProcess.Start(sandbox, ["start-silo", "--threads", "1", "--trace", "lines", "--trace-orleans"]);

        // A timer of Orleans' own, which ticks in every silo.
        await silo.SaysAsync("rpc.system.name=orleans");
        silo.Terminate();

        Assert.True(await silo.ExitAsync() == ExitCodes.Fine, silo.Errors);
    }
}
