using TuneGrid.Cli.Runtimes;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Scheduling;
using TuneGrid.Silo.Hosting;

namespace TuneGrid.Cli.Tests.Runtimes;

public sealed class LateLineTests
{
    [Fact]
    public async Task It_is_opened_as_soon_as_there_is_a_cluster_and_hung_up_at_the_end()
    {
        var (cluster, tries) = (new Line(), 0);
        await using (var line = new LateLine(_ => Task.FromResult<IStudyLine?>(++tries < 3 ? null : tries == 3 ? throw new StoreUnavailableException("busy") : cluster), new Hasty()))
        {
            await line.WaitAsync(default).WaitAsync(TimeSpan.FromMinutes(1));
            Assert.Equal((4, cluster.Progress), (tries, line.ProgressOf(new(1))));
            Assert.False(cluster.IsHungUp);
        }
        Assert.True(cluster.IsHungUp);
    }

    [Fact]
    public async Task Without_a_cluster_there_are_no_news()
    {
        await using var line = new LateLine(_ => Task.FromResult<IStudyLine?>(null), TimeProvider.System);
        using var enough = new CancellationTokenSource();
        var waiting = line.WaitAsync(enough.Token);
        Assert.Null(line.ProgressOf(new(1)));
        Assert.False(waiting.IsCompleted);
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    /// <summary>Whoever waits, waits no time.</summary>
    private sealed class Hasty : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }

    private sealed class Line : IStudyLine
    {
        public SegmentProgress Progress { get; } = new(1, 2, 3, 4, 5, 6);

        public bool IsHungUp { get; private set; }

        public SegmentProgress? ProgressOf(TrialId trial) => Progress;

        public Task WaitAsync(CancellationToken cancellation) => Task.CompletedTask;

        public ValueTask DisposeAsync()
        {
            IsHungUp = true;
            return ValueTask.CompletedTask;
        }
    }
}
