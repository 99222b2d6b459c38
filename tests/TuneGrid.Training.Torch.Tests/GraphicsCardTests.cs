using TuneGrid.Cli.Backends;
using TuneGrid.Training.Corpora;
using TuneGrid.Training.Engines;
using TuneGrid.Training.Model;
using TuneGrid.Training.Tests.Model;
using TuneGrid.Training.Torch.Devices;

namespace TuneGrid.Training.Torch.Tests;

/// <summary>What is known of a GPU, without one.</summary>
public sealed class GraphicsCardTests
{
    [Theory]
    [InlineData("NVIDIA H100 80GB HBM3, 81559\n", "NVIDIA H100 80GB HBM3", 81559L << 20, "NVIDIA H100 80GB HBM3 with 79.6 GiB")]
    [InlineData("NVIDIA GB10, [N/A]", "NVIDIA GB10", null, "NVIDIA GB10")]
    [InlineData("Tesla T4", "Tesla T4", null, "Tesla T4")]
    [InlineData("", "gpu", null, "gpu")]
    [InlineData(null, "gpu", null, "gpu")]
    public void Its_line_is_read(string? line, string model, long? bytes, string shown)
    {
        var card = GraphicsCard.Parse(line);

        Assert.Equal((model, bytes, shown), (card.Model, card.MemoryBytes, card.ToString()));
    }

    [Fact]
    public void Its_memory_is_what_the_guard_counts()
    {
        var settings = TinyCorpus.Settings() with { Engine = new OnCard() };

        var refusal = Assert.Throws<TrainingRefusedException>(() =>
            Trainer.Create(TinyCorpus.Options(Recipe.Plain), new(BudgetUnit.Steps, 1), TinyCorpus.Corpus, settings));

        Assert.StartsWith("the run needs 3072 MiB and may use 2048 MiB", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_Mac_is_told_of_its_own()
    {
        Assert.Contains("--backend torch --device mps", AppleGpu.NoteFor(BackendChoice.Native, isHere: true), StringComparison.Ordinal);
        Assert.Null(AppleGpu.NoteFor(BackendChoice.Native, isHere: false));
        Assert.Null(AppleGpu.NoteFor(new(BackendKind.Torch, TorchDevice.Mps), isHere: true));
    }

    private sealed class OnCard : TrainingEngine
    {
        public override string Name => "card";

        public override long? DeviceMemoryBytes => 2L << 30;

        public override long MemoryBytes(TrainingOptions options, int threads) => 3L << 30;

        internal override ITrainingStep Build(ModelLayout layout, TokenSequence text, TrainerSettings settings, ulong seed) =>
            throw new NotSupportedException();
    }
}
