using System.Runtime.InteropServices;
using TorchSharp;
using TuneGrid.Training.Engines;
using TuneGrid.Training.Model;
using TuneGrid.Training.Tests.Model;

namespace TuneGrid.Training.Torch.Tests;

/// <summary>Tensors live outside the garbage collector's heap: none may stay behind.</summary>
public sealed partial class MemoryTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    private const string Settings = "recipe=modern dropout=0.1 gradient_clip=1 bigram_buckets=64";

    [TorchFact]
    public void Live_tensors_stay_flat_over_a_thousand_steps()
    {
        var before = torch.Tensor.TotalCount;
        using (var trainer = Create(OptionVariants.Parse(Settings), 1000))
        {
            trainer.TrainUntil(10, null, default);
            trainer.Evaluate(TinyCorpus.Corpus.Valid, 0, default);
            var (early, counts) = (torch.Tensor.TotalCount, new HashSet<long>());
            trainer.TrainUntil(1000, _ => counts.Add(torch.Tensor.TotalCount), default);
            trainer.Evaluate(TinyCorpus.Corpus.Valid, 0, default);
            Assert.Equal([early], counts);
            Assert.Equal(early, torch.Tensor.TotalCount);
        }
        Assert.Equal(before, torch.Tensor.TotalCount);
    }

    [TorchFact]
    public void Cancelled_segment_frees_all()
    {
        var before = torch.Tensor.TotalCount;
        using var stop = new CancellationTokenSource();
        using (var trainer = Create(OptionVariants.Parse(Settings), 1000))
        {
            Assert.Equal(TrainingStop.Abandoned, trainer.TrainUntil(1000, p => { if (p.Steps == 3) stop.Cancel(); }, default, stop.Token));
            Assert.Throws<OperationCanceledException>(() => trainer.Evaluate(TinyCorpus.Corpus.Valid, 0, stop.Token));
        }
        Assert.Equal(before, torch.Tensor.TotalCount);
    }

    /// <summary>A failure in the middle of a step: its tensors go, and so do those of the run.</summary>
    [TorchFact]
    public void Failed_segment_frees_all()
    {
        var before = torch.Tensor.TotalCount;
        var options = OptionVariants.Parse(Settings);
        // A token that no row of the embedding stands for.
        ushort[] tokens = [.. Enumerable.Repeat((ushort)(options.Vocabulary + 1), 500)];
        var broken = TinyCorpus.Corpus with { Train = TinyCorpus.Corpus.Train with { Tokens = tokens } };
        using (var trainer = Trainer.Create(options, new(BudgetUnit.Steps, 10), broken, Engine.Settings))
        {
            var failure = Assert.Throws<InvalidOperationException>(() => trainer.TrainUntil(10, null, default));
            Assert.DoesNotContain('\n', failure.Message);
        }
        Assert.Equal(before, torch.Tensor.TotalCount);
    }

    [TorchFact]
    public void What_cannot_fit_is_refused_with_the_numbers()
    {
        var before = torch.Tensor.TotalCount;
        var options = TinyCorpus.Options(Recipe.Modern) with { Width = 1024, Heads = 0 };
        var refusal = Assert.Throws<TrainingRefusedException>(() =>
            Trainer.Create(options, new(BudgetUnit.Steps, 1), TinyCorpus.Corpus, Engine.Settings with { MemoryLimitBytes = 1 << 20 }));
        Assert.Contains("MiB", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, torch.Tensor.TotalCount);
    }

    /// <summary>The guard's estimate lies above what a run takes, and not so far above that runs which fit are refused.</summary>
    [LinuxTorchTheory]
    [InlineData("recipe=plain", false)]
    [InlineData("recipe=modern bigram_buckets=16384", false)]
    [InlineData("recipe=modern bigram_buckets=16384", true)]
    [InlineData("recipe=llama dropout=0.1 gradient_clip=1 bigram_buckets=65536", false)]
    public void The_guards_estimate_holds(string settings, bool isRounded)
    {
        var options = OptionVariants.Parse(settings) with { Width = 256, Depth = 4, Heads = 8, Context = 256, BatchSize = 8 };
        var engine = isRounded ? Engine.Bf16 : Engine.Fp32;
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        // What earlier tests freed goes back to the system, and the peak starts again from here.
        GC.Collect();
        _ = TrimHeap(0);
        File.WriteAllText("/proc/self/clear_refs", "5");
        process.Refresh();
        var before = process.WorkingSet64;
        using var trainer = Trainer.Create(options, new(BudgetUnit.Steps, 10), TinyCorpus.Corpus, Engine.Settings with { Engine = engine });
        trainer.TrainUntil(2, null, default);
        trainer.SaveCheckpoint(_path);
        trainer.Evaluate(TinyCorpus.Corpus.Valid, 0, default);
        process.Refresh();
        var (peak, estimate) = (process.PeakWorkingSet64 - before, engine.MemoryBytes(options, 1));
        Assert.True(peak < estimate && peak > estimate / 2, $"{peak >> 20} MiB of the {estimate >> 20} MiB that were expected");
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int TrimHeap(nuint pad);

    private static Trainer Create(TrainingOptions options, double steps) =>
        Trainer.Create(options, new(BudgetUnit.Steps, steps), TinyCorpus.Corpus, Engine.Settings);
}
