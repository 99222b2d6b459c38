using TuneGrid.Coordination;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Trials;
using TuneGrid.Storage;
using TuneGrid.Testing.Faults;
using TuneGrid.Testing.Processes;
using TuneGrid.Testing.Servers;
using Xunit.Abstractions;

namespace TuneGrid.EndToEnd.Tests.Faults;

/// <summary>
/// Real silos on a PostgreSQL server of their own; everything that can fail does, and the ledger alone must show that nothing was lost or
/// counted twice.
/// </summary>
[Collection(WholeMachine.Name)]
[Trait("Category", "Slow")]
public sealed class ServerFaultTests(ITestOutputHelper output) : IDisposable
{
    private const int Faults = 50, Trials = 60, LeaseSeconds = 2;

    private static readonly Dictionary<FaultKind, int> Weights = new()
    {
        [FaultKind.KillSilo] = 10, [FaultKind.Freeze] = 4, [FaultKind.CutOff] = 2,
        [FaultKind.KillSearch] = 2, [FaultKind.RestartServer] = 2, [FaultKind.CrashServer] = 2,
    };

    private readonly Sandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    /// <summary>Where no network namespace can be made, no cable is pulled, and the other faults make up the fifty.</summary>
    [NeedsFact(Need.PostgreSql)]
    public async Task Fifty_faults_cost_nothing_that_was_finished()
    {
        using var network = NetworkNamespace.Missing is null ? new NetworkNamespace() : null;
        using var server = new PostgresServer(new(network?.Address ?? ""));
        var location = await InitAsync(server);
        var near = new SiloPlace(server.ConnectionString);
        var wired = network is null ? near : new SiloPlace(server.ConnectionStringByAddress, Wrapper: network.Wrapper);
        using var fleet = new Fleet(_sandbox, [wired, near, near, near], _sandbox.WriteSpace("tiny", Trials, steps: 270), LeaseSeconds);
        await using var store = await StoreOpener.OpenAsync(location);
        var study = await LedgerWaits.FirstStudyAsync(store.Studies, fleet.Search);

        var run = new FaultRun(fleet, store.Studies, study, Trials, output.WriteLine, server, network);
        await run.InflictAsync(Faults, network is null ? Weights.Where(w => w.Key != FaultKind.CutOff).ToDictionary() : Weights);
        await run.EndAsync();
        Assert.True(run.Lapsed > 0);
        Assert.Contains("was taken over by somebody else", fleet.SiloErrors, StringComparison.Ordinal);
    }

    [NeedsFact(Need.PostgreSql, Need.NetworkNamespaces)]
    public async Task A_silo_that_was_cut_off_finds_its_fence_refused_and_takes_new_work()
    {
        using var network = new NetworkNamespace();
        using var server = new PostgresServer(new(network.Address));
        var location = await InitAsync(server);
        var space = _sandbox.WriteSpace("tiny", trials: 2, steps: 10_000_000, rungs: 1);
        using var fleet = new Fleet(_sandbox, [new(server.ConnectionStringByAddress, Wrapper: network.Wrapper)], space, LeaseSeconds);
        await using var store = await StoreOpener.OpenAsync(location);
        var study = await LedgerWaits.FirstStudyAsync(store.Studies, fleet.Search);
        var ledger = await LedgerWaits.UntilAsync(store.Studies, study, l => l.Any(e => e.Event is SegmentLeased));
        var first = ledger.Select(e => e.Event).OfType<SegmentLeased>().Single();

        network.Cut();
        // A silo that came before the lease ran out would take the other trial and never this one.
        await LedgerWaits.LeaseAsync(store.Studies, study, l => l.IsExpired);
        fleet.AddSilo(new(server.ConnectionString));
        await LedgerWaits.UntilAsync(
            store.Studies,
            study,
            l => l.Any(e => e.Event is SegmentLeased again && again.Trial == first.Trial && again.Silo != first.Silo));
        network.Mend();
        ledger = await LedgerWaits.UntilAsync(
            store.Studies, study, l => l.Any(e => e.Event is SegmentLeased next && next.Trial != first.Trial && next.Silo == first.Silo));
        LedgerInvariants.Check(ledger);
        Assert.Contains(ledger, e => e.Event is LeaseExpired expired && expired.Fence == first.Fence);
        Assert.Contains("was taken over by somebody else", fleet.SiloErrors, StringComparison.Ordinal);
    }

    [NeedsFact(Need.PostgreSql)]
    public async Task A_search_waits_for_its_server_and_goes_on()
    {
        using var server = new PostgresServer();
        var location = await InitAsync(server);
        var environment = new Dictionary<string, string> { ["TUNEGRID_STORE"] = server.ConnectionString };
        using var search = TuneGridProcess.Start(
            _sandbox, ["search", _sandbox.WriteSpace("tiny", trials: 4, steps: 500, rungs: 1)], environment);
        await using var store = await StoreOpener.OpenAsync(location);
        var study = await LedgerWaits.FirstStudyAsync(store.Studies, search);
        await LedgerWaits.UntilAsync(store.Studies, study, l => l.Any(e => e.Event is SegmentLeased));
        server.Stop();
        // Another command tries several times before it gives up. Once two of them have, one after the other, the search has found the
        // server gone as well.
        for (var i = 0; i < 2; i++)
        {
            using var vain = TuneGridProcess.Start(_sandbox, ["studies"], environment);
            Assert.Equal(1, await vain.ExitAsync());
        }
        Assert.False(search.HasExited, search.Errors);
        server.Start();
        Assert.True(await search.ExitAsync() == 0, search.Errors);
        Assert.Contains("does not answer", search.Errors, StringComparison.Ordinal);
        LedgerInvariants.Check(await store.Studies.ReadAsync(study, 0, CancellationToken.None));
    }

    private async Task<StoreLocation> InitAsync(PostgresServer server)
    {
        await _sandbox.AddStoriesAsync();
        var location = StoreLocation.Parse(server.ConnectionString, null, name => name == "TUNEGRID_HOME" ? _sandbox.Home : null);
        await StoreAdministration.InitAsync(location, CancellationToken.None);
        return location;
    }
}
