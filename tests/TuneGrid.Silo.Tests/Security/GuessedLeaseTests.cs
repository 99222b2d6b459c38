using TuneGrid.Coordination;
using TuneGrid.Coordination.Silos;
using TuneGrid.Coordination.Trials;
using TuneGrid.Coordination.Work;
using TuneGrid.Silo.Grains;
using TuneGrid.Silo.Tests.Clusters;

namespace TuneGrid.Silo.Tests.Security;

/// <summary>A client that got into a cluster without TLS, and has guessed a study, a trial that runs, its fence and its silo.</summary>
public sealed class GuessedLeaseTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_client_that_guesses_a_fence_can_neither_crown_nor_end_nor_take_over_a_trial()
    {
        await using var cluster = await GridCluster.StartAsync(1);
        var study = await cluster.LaunchAsync(1);
        var trainer = new TestTrainer(cluster.Artifacts, "honest") { IsHeld = true };
        var honest = cluster.Work(cluster.Silos[0], trainer, study);
        var work = await trainer.Started.WaitAsync(Patience);
        var grain = cluster.Client.GetGrain<IStudyGrain>(study.Value);
        var before = (await cluster.ReadAsync(study)).Sequence;

        foreach (var token in new LeaseToken[] { default, new(""), new("guess"), new(work.Fence.ToString()) })
        {
            var guess = work with { Token = token };
            var hash = new ArtifactHash(new string('a', 64));
            var crown = new SegmentOutcome.Reached(new(0.0001, 1, 1000, 1000, 1, 1, 1, 1, 0, hash, hash));
            Assert.False((await grain.ReportAsync(guess, crown, null)).IsRecorded);
            Assert.False((await grain.ReportAsync(guess, new SegmentOutcome.Failed(FailureKind.Error, "made up"), null)).IsRecorded);
            Assert.False((await grain.ReportAsync(guess, new SegmentOutcome.Stopped(1, hash), null)).IsRecorded);
            Assert.False(await grain.ReportDamageAsync(guess, hash.Hex, "made up"));
            Assert.Null((await grain.AskAsync(new(GridCluster.GridOf(cluster.Silos[0]).Silo, true, token))).Work);
        }

        Assert.Equal(before, (await cluster.ReadAsync(study)).Sequence);
        trainer.Release();
        await honest.WaitAsync(Patience);
        var state = await cluster.ReadAsync(study);
        Assert.InRange(Assert.Single(state.Champions.Values).Result.BitsPerByte, 1, 3);
    }

    [Fact]
    public async Task What_a_client_says_of_anothers_progress_is_shown_to_nobody()
    {
        await using var cluster = await GridCluster.StartAsync(1);
        var study = await cluster.LaunchAsync(1);
        var grain = cluster.Client.GetGrain<IStudyGrain>(study.Value);
        var seen = new Observer();
        var silo = new SiloDescription(new("a"), new("class-a"), "host", 1, 1, 1, default, SiloActivity.Idle, "");
        var work = (await grain.AskAsync(new(silo, true, new("token")))).Work!;
        await grain.SubscribeAsync(cluster.Client.CreateObjectReference<IStudyObserver>(seen));

        await grain.ProgressAsync(0, work.Fence.Value, "guess", new(99, 100, 1, 1, 1, 1));
        await grain.ProgressAsync(0, work.Fence.Value, work.Token.Secret, new(1, 100, 1, 1, 1, 1));

        Assert.Equal(1, (await seen.First.Task.WaitAsync(Patience)).Amount);
    }

    private sealed class Observer : IStudyObserver
    {
        public TaskCompletionSource<SegmentProgress> First { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task ChangedAsync(long sequence) => Task.CompletedTask;

        public Task ProgressedAsync(int trial, SegmentProgress progress)
        {
            First.TrySetResult(progress);
            return Task.CompletedTask;
        }
    }
}
