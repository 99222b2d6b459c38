using Orleans.Configuration;
using Orleans.Hosting;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Work;
using TuneGrid.Silo.Grains;
using TuneGrid.Silo.Hosting;

namespace TuneGrid.Silo.Tests.Clusters;

/// <summary>
/// Training runs on threads of its own, never in a grain's turn, by Orleans' own count. Alone: the count is that of the whole process, and
/// whatever else computes here could hold a turn up.
/// </summary>
[CollectionDefinition(nameof(TurnLengthTests), DisableParallelization = true)]
[Collection(nameof(TurnLengthTests))]
public sealed class TurnLengthTests
{
    private static readonly TimeSpan LongestTurn = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Segment = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task No_turn_is_long_while_two_silos_train()
    {
        await using var cluster = await GridCluster.StartAsync(2, configure: Warn);
        // What is compiled at the first call is no turn's fault.
        Assert.Equal(StudyStatus.Completed, (await TrainAsync(cluster, 4, TimeSpan.Zero)).State.Status);

        using var turns = new LongTurns();
        var (state, segments) = await TrainAsync(cluster, 5, Segment);

        Assert.Equal(StudyStatus.Completed, state.Status);
        Assert.All(segments, count => Assert.True(count > 1, $"{count} segments on one of the silos"));
        Assert.True(turns.IsCounting);
        Assert.Equal(0, turns.Count);
    }

    [Fact]
    public async Task A_turn_that_computes_as_long_as_a_segment_is_counted()
    {
        using var turns = new LongTurns();
        await using var cluster = await GridCluster.StartAsync(1, configure: orleans =>
        {
            Warn(orleans);
            orleans.AddIncomingGrainCallFilter(async call =>
            {
                if (call.Grain is IStudyGrain)
                    BurningTrainer.Burn(Segment);
                await call.Invoke();
            });
        });
        var study = await cluster.LaunchAsync(1);
        await cluster.Client.GetGrain<IStudyGrain>(study.Value).TendAsync();
        await turns.First.WaitAsync(Patience);
    }

    private static void Warn(ISiloBuilder orleans) =>
        orleans.Configure<SchedulingOptions>(o => o.TurnWarningLengthThreshold = LongestTurn);

    /// <summary>Returns how the study ended, and how many segments each silo trained.</summary>
    private static async Task<(StudyState State, IReadOnlyList<int> Segments)> TrainAsync(GridCluster cluster, int trials, TimeSpan segment)
    {
        var study = await cluster.LaunchAsync(trials);
        var trainers = cluster.Silos
            .Select(silo => (Silo: silo, Trainer: new BurningTrainer(new(cluster.Artifacts, silo.Name), segment)))
            .ToList();
        var exits = await Task.WhenAll(trainers.Select(t => cluster.Work(t.Silo, t.Trainer, study))).WaitAsync(Patience);
        Assert.All(exits, exit => Assert.Equal(SiloExit.StudyOver, exit));
        return (await cluster.ReadAsync(study), [.. trainers.Select(t => t.Trainer.Segments)]);
    }
}
