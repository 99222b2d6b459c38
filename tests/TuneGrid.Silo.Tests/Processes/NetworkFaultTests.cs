using TuneGrid.Coordination;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Studies;
using TuneGrid.Silo.Segments;
using TuneGrid.Storage;
using TuneGrid.Testing.Faults;
using TuneGrid.Testing.Processes;
using TuneGrid.Testing.Servers;

namespace TuneGrid.Silo.Tests.Processes;

/// <summary>
/// A silo on another machine, whose cable is pulled, beside two that stay and one that listens on loopback, all on one PostgreSQL study.
/// </summary>
[Collection(PostgresTests.Name)] // Only so that no two fleets run at once.
[Trait("Category", "Slow")]
public sealed class NetworkFaultTests
{
    private const int Cuts = 3, Rungs = 5;

    /// <param name="isStoreCutToo">If not, both sides go on deciding at the ledger, and those that outvote it may declare it dead: it
    /// knocks until it is let in again.</param>
    [NeedsTheory(Need.PostgreSql, Need.NetworkNamespaces)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_silo_that_is_cut_off_costs_nothing_that_was_finished(bool isStoreCutToo)
    {
        using var network = new NetworkNamespace();
        using var server = new PostgresServer(new(network.Address));
        using var sandbox = new Sandbox();
        await sandbox.AddStoriesAsync();
        var location = StoreLocation.Parse(server.ConnectionString, null, name => name == "TUNEGRID_HOME" ? sandbox.Home : null);
        await StoreAdministration.InitAsync(location, CancellationToken.None);
        var way = isStoreCutToo ? server.ConnectionStringByAddress : server.ConnectionString;
        var far = new SiloPlace(way, network.Wrapper, network.Inside);
        var near = new SiloPlace(server.ConnectionString, Listen: network.Address);
        var space = sandbox.WriteSpace("tiny", trials: 3000, steps: 2700);
        using var fleet = new Fleet(sandbox, [far, near, near, new(server.ConnectionString)], space, leaseSeconds: 6);
        await using var store = await StoreOpener.OpenAsync(location);
        var study = await LedgerWaits.FirstStudyAsync(store.Studies, fleet.Search);

        try
        {
            var seen = await UntilAsync(store, study, 0, news => news.Any(IsLeaseOfFar));
            for (var cut = 0; cut < Cuts; cut++)
            {
                network.Cut();
                seen = await UntilAsync(
                    store, study, seen,
                    news => news.Count(e => e is RungReached) >= Rungs && (!isStoreCutToo || news.Any(e => e is LeaseExpired)));
                network.Mend();
                seen = await UntilAsync(store, study, seen, news => news.Any(IsLeaseOfFar));
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"the far silo got nothing to do, or nobody else did\n{fleet.SiloErrors}");
        }
        Assert.True(await new StudyFollower(store.Studies, study, SpacePlanner.Read).CancelAsync("enough", CancellationToken.None));

        Assert.True(await fleet.Search.ExitAsync() == 1, fleet.Search.Errors);
        await fleet.DismissAsync();
        Assert.DoesNotContain("Exception", fleet.SiloErrors, StringComparison.Ordinal);
        LedgerInvariants.Check(await store.Studies.ReadAsync(study, 0, CancellationToken.None));
    }

    /// <summary>
    /// Every fifth packet that reaches the far silo is lost, from the store and from the cluster alike. That may cost it its membership,
    /// but never a result, and no rung of a trial runs twice.
    /// </summary>
    [NeedsFact(Need.PostgreSql, Need.NetworkNamespaces, Need.PacketFilter)]
    public async Task A_silo_that_loses_packets_loses_no_result()
    {
        using var network = new NetworkNamespace();
        using var server = new PostgresServer(new(network.Address));
        using var sandbox = new Sandbox();
        await sandbox.AddStoriesAsync();
        var location = StoreLocation.Parse(server.ConnectionString, null, name => name == "TUNEGRID_HOME" ? sandbox.Home : null);
        await StoreAdministration.InitAsync(location, CancellationToken.None);
        network.LoseEveryFifth();
        var far = new SiloPlace(server.ConnectionStringByAddress, network.Wrapper, network.Inside);
        var near = new SiloPlace(server.ConnectionString, Listen: network.Address);
        var space = sandbox.WriteSpace("tiny", trials: 3000, steps: 2700);
        using var fleet = new Fleet(sandbox, [far, near, near], space, leaseSeconds: 6);
        await using var store = await StoreOpener.OpenAsync(location);
        var study = await LedgerWaits.FirstStudyAsync(store.Studies, fleet.Search);

        await UntilAsync(store, study, 0, news => news.Count(IsLeaseOfFar) >= Rungs && news.Count(e => e is RungReached) >= 8 * Rungs);
        Assert.True(await new StudyFollower(store.Studies, study, SpacePlanner.Read).CancelAsync("enough", CancellationToken.None));
        Assert.True(await fleet.Search.ExitAsync() == 1, fleet.Search.Errors);
        await fleet.DismissAsync();

        Assert.DoesNotContain("Exception", fleet.SiloErrors, StringComparison.Ordinal);
        var ledger = await store.Studies.ReadAsync(study, 0, CancellationToken.None);
        LedgerInvariants.Check(ledger);
        var reached = ledger.Select(e => e.Event).OfType<RungReached>().ToList();
        Assert.Equal(reached.Count, reached.DistinctBy(r => (r.Trial, r.Rung)).Count());
    }

    /// <summary>Waits for something among the events beyond those already seen; answers how many there are then.</summary>
    private static async Task<int> UntilAsync(OpenedStore store, StudyId study, int seen, Func<List<StudyEvent>, bool> isThere)
        => (await LedgerWaits.UntilAsync(store.Studies, study, ledger => isThere([.. ledger.Skip(seen).Select(e => e.Event)]))).Count;

    private static bool IsLeaseOfFar(StudyEvent happened) =>
        happened is SegmentLeased leased && leased.Silo.Value.StartsWith("silo1-", StringComparison.Ordinal);
}
