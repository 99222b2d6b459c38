using System.Reflection;
using Orleans.Runtime;
using TuneGrid.Cli;
using TuneGrid.Cli.Output;
using TuneGrid.Coordination.Silos;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Work;
using TuneGrid.Silo.Grains;
using TuneGrid.Simulation;
using TuneGrid.Simulation.Stores;

namespace TuneGrid.Silo.Tests.Hosting;

/// <summary>A silo whose cluster answers no call decides at the ledger, whatever Orleans says went wrong.</summary>
public sealed class UnreachableClusterTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly InMemoryStudyStore _store = new(TimeProvider.System);

    public static TheoryData<Exception> Failures => new(
        new TimeoutException("no answer"),
        new SiloUnavailableException("gone"),
        new OperationCanceledException("Message expired before placement could complete for grain study/tiny."),
        new OrleansException("anything else"),
        new ObjectDisposedException("client"));

    [Theory, MemberData(nameof(Failures), DisableDiscoveryEnumeration = true)]
    public async Task The_silo_decides_at_the_ledger(Exception failure)
    {
        var study = await StudyLauncher.CreateAsync(
            _store, new("test", TestSpace.Json(3), TestSpace.Corpus, null, default), new Random(3), None);
        var answer = await Coordinator(failure).AskAsync(study, Request, None);
        Assert.Equal(Request.Silo.Id, Assert.Single(await _store.LeasesAsync(study, None)).Silo);
        Assert.NotNull(answer.Work);
    }

    [Fact]
    public async Task A_silo_that_is_told_to_stop_decides_nothing_more()
    {
        var study = await StudyLauncher.CreateAsync(
            _store, new("test", TestSpace.Json(3), TestSpace.Corpus, null, default), new Random(3), None);
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await Coordinator(new TimeoutException()).AskAsync(study, Request, stop.Token));
        Assert.Empty(await _store.LeasesAsync(study, None));
    }

    [Fact]
    public async Task The_lease_of_a_silo_that_the_cluster_knows_to_be_dead_is_free_for_who_decides_alone()
    {
        var study = await StudyLauncher.CreateAsync(_store, TestSpace.Study(TestSpace.Json(1)), new Random(1), None);
        var dead = Silo with { Id = new("dead") };
        Assert.NotNull((await Coordinator(new TimeoutException()).AskAsync(study, new(dead, false, new("token")), None)).Work);
        Assert.Null((await Coordinator(new TimeoutException()).AskAsync(study, Request, None)).Work);
        Assert.NotNull((await Coordinator(new TimeoutException(), dead.Id.Value).AskAsync(study, Request, None)).Work);
    }

    private static SiloDescription Silo { get; } = new(
        new("silo1"), new("class-a"), "host", 1, 1, 1 << 30, default, Coordination.Silos.SiloActivity.Idle, "");

    private static WorkRequest Request { get; } = new(Silo, false, new("mine"));

    /// <param name="dead">The name of a silo that the cluster has declared dead; null knows of none.</param>
    private ClusterCoordinator Coordinator(Exception failure, string? dead = null)
    {
        var members = DispatchProxy.Create<ISiloStatusOracle, Members>();
        ((Members)(object)members).Dead = dead;
        var grains = DispatchProxy.Create<IGrainFactory, Unreachable>();
        ((Unreachable)(object)grains).Failure = failure;
        return new(grains, new(Silo, _store, TestSpace.Plan, new(), TimeProvider.System), new(members, _ => false, _ => { }));
    }

    /// <summary>A cluster that may have one dead silo.</summary>
    public class Members : DispatchProxy
    {
        public string? Dead { get; set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (targetMethod!.Name == nameof(ISiloStatusOracle.GetApproximateSiloStatuses))
                return Statuses();
            args![1] = Dead;
            return Dead is not null;
        }

        private Dictionary<SiloAddress, SiloStatus> Statuses() => Dead is null ? [] : new() { [SiloAddress.Zero] = SiloStatus.Dead };
    }

    /// <summary>A factory of grains, and each grain: every call fails.</summary>
    public class Unreachable : DispatchProxy
    {
        public Exception Failure { get; set; } = null!;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (targetMethod!.Name != nameof(IGrainFactory.GetGrain))
                throw Failure;
            var grain = Create(targetMethod.ReturnType, typeof(Unreachable));
            ((Unreachable)grain).Failure = Failure;
            return grain;
        }
    }
}
