using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Silos;
using TuneGrid.Coordination.Trials;
using TuneGrid.Coordination.Work;
using TuneGrid.Coordination.Workers;
using TuneGrid.Silo.Corpora;
using TuneGrid.Silo.Hosting;
using TuneGrid.Silo.Segments;
using TuneGrid.Simulation;
using TuneGrid.Storage;
using TuneGrid.Training;
using TuneGrid.Training.Kernels;

namespace TuneGrid.Silo.Tests.Hosting;

/// <summary>A silo and a cluster that takes it for dead.</summary>
public sealed class SiloHostTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tunegrid-host-").FullName;
    private readonly List<SiloNotice> _notices = [];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task An_evicted_silo_knocks_until_its_cluster_lets_it_in_again()
    {
        using var stop = new CancellationTokenSource();
        var cluster = new Cluster(join => join switch
        {
            1 => true,
            2 => throw new IOException("nobody answers"),
            3 => throw new StoreUnavailableException("no network"),
            _ => false,
        })
        {
            Joined = join =>
            {
                if (join == 4)
                    stop.Cancel();
            },
        };
        Assert.Equal(SiloExit.Stopped, await RunAsync(cluster, stop.Token));
        Assert.Equal(4, cluster.Joins);
        Assert.Equal(
            ["Evicted", "StillOutside nobody answers", "StillOutside no network"],
            _notices.Select(n => n is SiloNotice.StillOutside outside ? $"StillOutside {outside.Message}" : n.GetType().Name));
        Assert.Equal(2, cluster.Left);
    }

    [Fact]
    public async Task A_silo_that_never_got_in_says_why_and_ends()
    {
        var cluster = new Cluster(_ => throw new IOException("nobody answers"));
        Assert.Equal("nobody answers", (await Assert.ThrowsAsync<IOException>(() => RunAsync(cluster, default))).Message);
        Assert.Empty(_notices);
    }

    [Fact]
    public async Task A_silo_told_to_stop_while_it_joins_leaves_in_good_order()
    {
        using var stop = new CancellationTokenSource();
        var cluster = new Cluster(_ =>
        {
            stop.Cancel();
            throw new IOException("joining was broken off");
        });
        Assert.Equal(SiloExit.Stopped, await RunAsync(cluster, stop.Token));
        Assert.Empty(_notices);
    }

    private async Task<SiloExit> RunAsync(Cluster cluster, CancellationToken stop)
    {
        await using var store = await StoreOpener.OpenAsync(
            StoreLocation.Parse(Path.Combine(_folder, "store")), cancellation: CancellationToken.None);
        var settings = new SiloSettings(
            new TrainerSettings(1, 1, KernelLadder.For(InstructionSet.Reference)), new("class"), Path.Combine(_folder, "scratch"))
        {
            Notify = _notices.Add, JoinAgainAfter = TimeSpan.Zero,
        };
        var home = Path.Combine(_folder, "home");
        return await SiloHost.RunAsync(
            new(new CorpusLibrary(home, publishedFolder: null), new(home)), store, settings, cluster.JoinAsync, stop);
    }

    /// <param name="evicts">By the number of the attempt: whether the silo is thrown out at once, or a fault.</param>
    private sealed class Cluster(Func<int, bool> evicts)
    {
        public int Joins { get; private set; }

        public int Left { get; private set; }

        public Action<int> Joined { get; init; } = _ => { };

        public Task<IClusterMember> JoinAsync(
            SiloDescription silo, ISegmentRunner runner, OpenedStore store, SiloSettings settings, CancellationToken cancellation)
        {
            var isEvicted = evicts(++Joins);
            Joined(Joins);
            var coordinator = new LedgerCoordinator(store.Studies, SpacePlanner.Read, settings.Options, TimeProvider.System);
            return Task.FromResult<IClusterMember>(new Member(this, coordinator, runner, new(isEvicted)));
        }

        private sealed class Member(
            Cluster cluster, IStudyCoordinator coordinator, ISegmentRunner runner, CancellationToken evicted) : IClusterMember
        {
            public IStudyCoordinator Coordinator => coordinator;

            public ISegmentRunner Runner => runner;

            public CancellationToken Evicted => evicted;

            public ValueTask DisposeAsync()
            {
                cluster.Left++;
                return ValueTask.CompletedTask;
            }
        }
    }
}
