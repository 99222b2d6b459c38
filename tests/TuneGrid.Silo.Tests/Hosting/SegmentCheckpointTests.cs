using TuneGrid.Coordination;
using TuneGrid.Coordination.Artifacts;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Space;
using TuneGrid.Silo.Corpora;
using TuneGrid.Silo.Segments;
using TuneGrid.Storage;
using TuneGrid.Training;
using TuneGrid.Training.Kernels;

namespace TuneGrid.Silo.Tests.Hosting;

/// <summary>Real segments of a tiny model, and the checkpoints between them.</summary>
public sealed class SegmentCheckpointTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tunegrid-segment-").FullName;

    private static Configuration Options => Configuration.Empty
        .With("width", ParameterValue.Of(16L))
        .With("depth", ParameterValue.Of(1L))
        .With("heads", ParameterValue.Of(1L))
        .With("context", ParameterValue.Of(16L))
        .With("vocabulary", ParameterValue.Of(280L))
        .With("batch_size", ParameterValue.Of(2L))
        .With("bigram_buckets", ParameterValue.Of(0L));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>What is damaged is given back as lost, and the trial trains again from the checkpoint before, or from its seed.</summary>
    [Fact]
    public async Task A_checkpoint_of_another_trial_counts_as_damaged()
    {
        await using var store = await StoreOpener.OpenAsync(StoreLocation.Parse(Path.Combine(_folder, "store")));
        var first = Order();
        var reached = Assert.IsType<SegmentOutcome.Reached>(await RunAsync(store, first)).Result;
        var next = first with { Trial = new(1), ToAmount = 4, IsLast = true, Checkpoint = reached.Checkpoint };
        Assert.Equal(4, Assert.IsType<SegmentOutcome.Reached>(await RunAsync(store, next)).Result.Steps);
        await DiffersAsync("seed", next with { Seed = 8 });
        await DiffersAsync("learning_rate", next with { Configuration = Options.With("learning_rate", ParameterValue.Of(0.5)) });
        await DiffersAsync("budget", next with { Budget = new(BudgetKind.Steps, 5) });

        async Task DiffersAsync(string what, Assignment order)
        {
            var fault = await Assert.ThrowsAsync<ArtifactDamagedException>(() => RunAsync(store, order));
            Assert.Contains("another run", fault.Message, StringComparison.Ordinal);
            Assert.Contains(what, fault.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Nothing_is_left_where_checkpoints_are_written()
    {
        await using var store = await StoreOpener.OpenAsync(StoreLocation.Parse(Path.Combine(_folder, "store")));
        await RunAsync(store, Order() with { ToAmount = 4, IsLast = true });
        Assert.Empty(Directory.GetFiles(Path.Combine(_folder, "scratch")));
    }

    private Assignment Order()
    {
        var text = Path.Combine(_folder, "stories.txt");
        File.WriteAllText(
            text, string.Concat(Enumerable.Range(0, 200).Select(i => $"Tom took {i} steps to the park and saw a cat.\n<|endoftext|>\n")));
        var corpus = Library().Add("tales", text, null);
        return new(
            new("s"), new(0), 0, new(1), 0, Options, 7, new("tales", corpus.Hash), new(BudgetKind.Steps, 4), 2, false, null, null, default);
    }

    private CorpusLibrary Library() => new(Path.Combine(_folder, "home"), publishedFolder: null);

    /// <summary>Each time a silo that knows nothing but the store.</summary>
    private async Task<SegmentOutcome> RunAsync(OpenedStore store, Assignment order)
    {
        var trainer = new TrainerSettings(1, 1, KernelLadder.For(InstructionSet.Reference));
        using var runner = new SegmentRunner(
            new(Library(), new(Path.Combine(_folder, "home"))), store.Artifacts, new(trainer, Path.Combine(_folder, "scratch")));
        return await runner.RunAsync(order, new Deaf(), default, default);
    }

    private sealed class Deaf : ISegmentMonitor
    {
        public void Report(SegmentProgress value)
        {
        }

        public ValueTask TrainingBeginsAsync() => default;

        public ValueTask TrainingEndsAsync() => default;
    }
}
