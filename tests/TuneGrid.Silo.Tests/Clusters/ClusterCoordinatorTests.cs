using TuneGrid.Coordination.Work;
using TuneGrid.Testing.Contracts;

namespace TuneGrid.Silo.Tests.Clusters;

/// <summary>
/// The coordinator in the grains of a cluster of two keeps the same contract as the ledger's own. Questions come from both silos in turn.
/// </summary>
public sealed class ClusterCoordinatorTests : StudyCoordinatorContract
{
    private GridCluster _cluster = null!;
    private int _next;

    public override async Task InitializeAsync() => _cluster = await GridCluster.StartAsync(2, Store, Time, Options);

    public override async Task DisposeAsync() => await _cluster.DisposeAsync();

    private protected override IStudyCoordinator NewCoordinator() => _cluster.CoordinatorOf(_cluster.Silos[_next++ % 2]);
}

/// <summary>
/// Two clusters that know nothing of each other: each has its own activation of a study's grain, as two halves of a cluster do in a
/// partition.
/// </summary>
public sealed class DuplicateStudyGrainTests : StudyCoordinatorContract
{
    private readonly List<GridCluster> _clusters = [];
    private int _next;

    public override async Task InitializeAsync()
    {
        for (var i = 0; i < 2; i++)
            _clusters.Add(await GridCluster.StartAsync(1, Store, Time, Options));
    }

    public override async Task DisposeAsync()
    {
        foreach (var cluster in _clusters)
            await cluster.DisposeAsync();
    }

    private protected override IStudyCoordinator NewCoordinator()
    {
        var cluster = _clusters[_next++ % 2];
        return cluster.CoordinatorOf(cluster.Silos[0]);
    }
}
