using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Space;
using TuneGrid.Silo.Corpora;
using TuneGrid.Silo.Segments;
using TuneGrid.Storage;
using TuneGrid.Training;
using TuneGrid.Training.Kernels;

namespace TuneGrid.Silo.Tests.Hosting;

/// <summary>Real segments of a tiny model that are evaluated on the way, by a clock on which nothing takes time.</summary>
public sealed class SegmentCurveTests : IDisposable
{
    private const int Budget = 64;
    private readonly string _folder = Directory.CreateTempSubdirectory("tunegrid-curve-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_segment_is_evaluated_at_the_same_amounts_every_time_and_trains_as_if_it_were_not()
    {
        await using var store = await OpenAsync();
        var with = await ReachAsync(store, Order(Budget));
        var again = await ReachAsync(store, Order(Budget));
        var without = await ReachAsync(store, Order(Budget), share: 0);
        Assert.Null(without.Curve);
        Assert.Equal(with.Curve, again.Curve);
        // The square roots of two between the powers, at the first step at or after them.
        Assert.Equal([1, 2, 3, 4, 6, 8, 12, 16, 23, 32, 46], with.Curve!.Select(p => p.Amount));
        Assert.True(with.Curve![0].Score > with.Curve[^1].Score && with.Curve[^1].Score > with.BitsPerByte);
        Assert.Equal((without.BitsPerByte, without.TrainingLoss), (with.BitsPerByte, with.TrainingLoss));
        Assert.Equal(without.Steps, with.Steps);
    }

    [Fact]
    public async Task What_would_cost_more_than_its_share_is_left_out()
    {
        await using var store = await OpenAsync();
        Assert.Null((await ReachAsync(store, Order(Budget), time: new GrowingTime())).Curve);
    }

    [Fact]
    public async Task A_segment_that_is_stopped_keeps_its_points_and_the_next_goes_on_after_them()
    {
        await using var store = await OpenAsync();
        using var pause = new CancellationTokenSource();
        var monitor = new Follower { Seen = p => { if (p.Curve is { Count: >= 4 }) pause.Cancel(); } };
        var outcome = await RunAsync(store, Order(Budget), 0.03, new StalledClock(), monitor, pause.Token);
        var stopped = Assert.IsType<SegmentOutcome.Stopped>(outcome);
        Assert.Equal([1, 2, 3, 4], stopped.Curve!.Select(p => p.Amount));
        Assert.Equal(4, stopped.Amount);
        var rest = await ReachAsync(store, Order(Budget) with { Checkpoint = stopped.Checkpoint });
        Assert.Equal([6, 8, 12, 16, 23, 32, 46], rest.Curve!.Select(p => p.Amount));
    }

    [Fact]
    public void A_full_budget_has_at_least_eight_points_in_geometric_order()
    {
        var amounts = CurveEvaluation.Amounts(300);
        Assert.Equal(16, amounts.Count);
        Assert.Equal(300 / 256.0, amounts[0], 9);
        Assert.All(amounts.Zip(amounts.Skip(1)), p => Assert.Equal(Math.Sqrt(2), p.Second / p.First, 9));
        Assert.Equal(8_192, CurveEvaluation.SliceTokens(new(BudgetKind.Seconds, 300)));
    }

    private async Task<SegmentResult> ReachAsync(OpenedStore store, Assignment order, double share = 0.03, TimeProvider? time = null) =>
        Assert.IsType<SegmentOutcome.Reached>(await RunAsync(store, order, share, time ?? new StalledClock(), new(), default)).Result;

    private Task<OpenedStore> OpenAsync() => StoreOpener.OpenAsync(StoreLocation.Parse(Path.Combine(_folder, "store")));

    private Assignment Order(double toAmount)
    {
        var text = Path.Combine(_folder, "stories.txt");
        File.WriteAllText(
            text, string.Concat(Enumerable.Range(0, 200).Select(i => $"Tom took {i} steps to the park and saw a cat.\n<|endoftext|>\n")));
        var corpus = Library().Add("tales", text, null);
        var options = Configuration.Empty
            .With("width", ParameterValue.Of(16L))
            .With("depth", ParameterValue.Of(1L))
            .With("heads", ParameterValue.Of(1L))
            .With("context", ParameterValue.Of(16L))
            .With("vocabulary", ParameterValue.Of(280L))
            .With("batch_size", ParameterValue.Of(2L))
            .With("bigram_buckets", ParameterValue.Of(0L));
        return new(
            new("s"), new(0), 0, new(1), 0, options, 7, new("tales", corpus.Hash), new(BudgetKind.Steps, Budget), toAmount,
            true, null, null, default);
    }

    private CorpusLibrary Library() => new(Path.Combine(_folder, "home"), publishedFolder: null);

    private async Task<SegmentOutcome> RunAsync(
        OpenedStore store, Assignment order, double share, TimeProvider time, Follower monitor, CancellationToken pause)
    {
        var trainer = new TrainerSettings(1, 1, KernelLadder.For(InstructionSet.Reference)) { Time = time };
        using var runner = new SegmentRunner(
            new(Library(), new(Path.Combine(_folder, "home"))), store.Artifacts,
            new(trainer, Path.Combine(_folder, "scratch")) { CurveShare = share });
        return await runner.RunAsync(order, monitor, pause, default);
    }

    /// <summary>Nothing takes any time: no evaluation is too dear.</summary>
    private sealed class StalledClock : TimeProvider
    {
        public override long GetTimestamp() => 0;
    }

    /// <summary>Between any two looks the same time passes: an evaluation takes as long as a step.</summary>
    private sealed class GrowingTime : TimeProvider
    {
        private long _now;

        public override long GetTimestamp() => _now += TimestampFrequency;
    }

    private sealed class Follower : ISegmentMonitor
    {
        public Action<SegmentProgress> Seen { get; init; } = _ => { };

        public void Report(SegmentProgress value) => Seen(value);

        public ValueTask TrainingBeginsAsync() => default;

        public ValueTask TrainingEndsAsync() => default;
    }
}
