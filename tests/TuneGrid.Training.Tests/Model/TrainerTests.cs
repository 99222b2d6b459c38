using TuneGrid.Training.Checkpoints;
using TuneGrid.Training.Kernels;
using TuneGrid.Training.Model;

namespace TuneGrid.Training.Tests.Model;

public sealed class TrainerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tunegrid-trainer").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>
    /// Smoothed losses after 10, 20 and 30 steps on the reference kernels; any change of model, optimizer, schedule or data order shows
    /// here.
    /// </summary>
    [Theory]
    [InlineData(Recipe.Plain, new[] { 5.2391, 4.5684, 3.9895 })]
    [InlineData(Recipe.Modern, new[] { 5.5429, 5.1870, 4.7554 })]
    public void Loss_follows_the_golden_curve(Recipe recipe, double[] golden)
    {
        using var trainer = Create(TinyCorpus.Options(recipe), 30);
        var losses = new List<double>();
        foreach (var steps in new[] { 10, 20, 30 })
        {
            Assert.Equal(TrainingStop.Reached, trainer.TrainUntil(steps, null, default));
            losses.Add(trainer.Progress.Loss);
        }
        Assert.True(
            losses.Zip(golden).All(p => Math.Abs(p.First - p.Second) < 2e-3),
            string.Join(", ", losses.Select(l => l.ToString("F4", null))));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Same_seed_gives_the_same_bits_whatever_the_timing(int threads)
    {
        var set = KernelLadder.Supported[^1];
        byte[] Run(string name)
        {
            using var trainer = Trainer.Create(
                TinyCorpus.Options(Recipe.Modern), new(BudgetUnit.Steps, 12), TinyCorpus.Corpus, TinyCorpus.Settings(threads, set));
            trainer.TrainUntil(12, null, default);
            return Weights(trainer, name);
        }
        Assert.Equal(Run("a"), Run("b"));
    }

    [Theory]
    [InlineData(Recipe.Plain)]
    [InlineData(Recipe.Modern)]
    public void Pause_and_resume_give_the_bits_of_no_pause(Recipe recipe)
    {
        var options = TinyCorpus.Options(recipe) with { BigramBuckets = 64, Dropout = 0.1, BatchWarmup = 0.6 };
        using var straight = Create(options, 20);
        straight.TrainUntil(20, null, default);
        using (var first = Create(options, 20))
        {
            first.TrainUntil(7, null, default);
            first.SaveCheckpoint(Path.Combine(_folder, "pause"));
        }
        using var second = Trainer.Resume(Path.Combine(_folder, "pause"), TinyCorpus.Corpus, TinyCorpus.Settings());
        Assert.Equal(7, second.Progress.Steps);
        second.TrainUntil(20, null, default);
        Assert.Equal(Weights(straight, "straight"), Weights(second, "resumed"));
        Assert.Equal(straight.Progress.Loss, second.Progress.Loss);
    }

    [Fact]
    public void Steps_allocate_nothing()
    {
        using var trainer = Create(TinyCorpus.Options(Recipe.Modern), 100);
        trainer.TrainUntil(5, null, default);
        var before = GC.GetAllocatedBytesForCurrentThread();
        trainer.TrainUntil(15, null, default);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Training_learns_and_evaluation_scores_every_token_once()
    {
        using var trainer = Create(TinyCorpus.Options(Recipe.Modern), 60);
        var valid = TinyCorpus.Corpus.Valid;
        var before = trainer.Evaluate(valid, 0, default);
        trainer.TrainUntil(60, null, default);
        var after = trainer.Evaluate(valid, 0, default);
        Assert.Equal(valid.Tokens.Length, after.Tokens);
        Assert.Equal(valid.Bytes, after.Bytes);
        Assert.True(after.BitsPerByte < 0.6 * before.BitsPerByte, $"{before.BitsPerByte:F3} to {after.BitsPerByte:F3}");
        Assert.Equal(after.NatsPerToken * after.Tokens / Math.Log(2) / after.Bytes, after.BitsPerByte, 10);
        Assert.Equal(after, trainer.Evaluate(valid, 0, default));
    }

    /// <summary>
    /// Between two steps that move the average, a score counts the weights of this very moment, and asking for it changes nothing.
    /// </summary>
    [Theory]
    [InlineData(3)]
    [InlineData(7)]
    public void Scores_are_taken_from_the_latest_weights(int steps)
    {
        using var asked = Create(TinyCorpus.Options(Recipe.Modern), 12);
        using var unasked = Create(TinyCorpus.Options(Recipe.Modern), 12);
        var scores = new List<double> { asked.Evaluate(TinyCorpus.Corpus.Valid, 0, default).BitsPerByte };
        for (var i = steps - 1; i <= steps; i++)
        {
            asked.TrainUntil(i, null, default);
            scores.Add(asked.Evaluate(TinyCorpus.Corpus.Valid, 0, default).BitsPerByte);
        }
        Assert.Equal(3, scores.Distinct().Count());
        asked.TrainUntil(12, null, default);
        unasked.TrainUntil(12, null, default);
        Assert.Equal(Weights(unasked, "unasked"), Weights(asked, "asked"));
    }

    [Fact]
    public void Hopeless_learning_rate_ends_as_diverged()
    {
        using var trainer = Create(
            TinyCorpus.Options(Recipe.Plain) with { LearningRate = 10, GradientClip = 0, Normalization = Normalization.RmsNorm }, 200);
        Assert.Equal(TrainingStop.Diverged, trainer.TrainUntil(200, null, default));
    }

    [Fact]
    public void What_cannot_fit_is_refused_with_the_numbers()
    {
        var options = TinyCorpus.Options(Recipe.Modern) with { Width = 1024, Heads = 0 };
        var refusal = Assert.Throws<TrainingRefusedException>(() =>
            Trainer.Create(
                options, new(BudgetUnit.Steps, 1), TinyCorpus.Corpus, TinyCorpus.Settings() with { MemoryLimitBytes = 1 << 20 }));
        Assert.Contains("MiB", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Stop_and_abandon_are_heard_at_the_next_step()
    {
        using var trainer = Create(TinyCorpus.Options(Recipe.Plain), 1000);
        using var stop = new CancellationTokenSource();
        Assert.Equal(TrainingStop.Asked, trainer.TrainUntil(1000, p => { if (p.Steps == 3) stop.Cancel(); }, stop.Token));
        Assert.Equal(3, trainer.Progress.Steps);
        Assert.Equal(TrainingStop.Abandoned, trainer.TrainUntil(1000, null, default, stop.Token));
    }

    [Fact]
    public void Checkpoint_of_another_corpus_is_refused()
    {
        using var trainer = Create(TinyCorpus.Options(Recipe.Plain), 3);
        trainer.SaveCheckpoint(Path.Combine(_folder, "c"));
        var e = Assert.Throws<CheckpointException>(() =>
            Trainer.Resume(Path.Combine(_folder, "c"), TinyCorpus.Corpus with { Hash = "other" }, TinyCorpus.Settings()));
        Assert.Contains("corpus", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Saved_model_scores_as_the_trainer_does_and_writes_the_same_story_twice()
    {
        var path = Path.Combine(_folder, "model");
        using var trainer = Create(TinyCorpus.Options(Recipe.Modern), 60);
        trainer.TrainUntil(60, null, default);
        trainer.SaveModel(path);
        using var model = LanguageModel.Load(path, TinyCorpus.Settings());
        Assert.Equal(trainer.Evaluate(TinyCorpus.Corpus.Valid, 0, default), model.Evaluate(TinyCorpus.Corpus.Valid, default));
        var greedy = new GenerationOptions(0, 1, 40, 1);
        var pieces = new List<string>();
        var text = model.Generate("the cat", greedy, pieces.Add);
        Assert.Equal(text, model.Generate("the cat", greedy with { Seed = 2 }));
        Assert.Equal(text, "the cat" + string.Concat(pieces));
        var drawn = new GenerationOptions(1, 0.9, 40, 5);
        Assert.Equal(model.Generate("Tom", drawn), model.Generate("Tom", drawn));
    }

    [Fact]
    public void Damaged_files_end_in_one_clear_error()
    {
        var path = Path.Combine(_folder, "model");
        using (var trainer = Create(TinyCorpus.Options(Recipe.Plain), 1))
            trainer.SaveModel(path);
        var whole = File.ReadAllBytes(path);
        var random = new Random(1);
        for (var i = 0; i < 60; i++)
        {
            var damaged = (byte[])whole.Clone();
            if (i % 2 == 0)
                damaged[random.Next(i < 20 ? 200 : damaged.Length)] ^= (byte)(1 << random.Next(8));
            else
                Array.Resize(ref damaged, random.Next(damaged.Length));
            File.WriteAllBytes(path, damaged);
            Assert.Throws<CheckpointException>(() => LanguageModel.Load(path, TinyCorpus.Settings()).Dispose());
        }
        Assert.Throws<CheckpointException>(() => LanguageModel.Load(Path.Combine(_folder, "nothing"), TinyCorpus.Settings()));
    }

    private static Trainer Create(TrainingOptions options, double steps) =>
        Trainer.Create(options, new(BudgetUnit.Steps, steps), TinyCorpus.Corpus, TinyCorpus.Settings());

    private byte[] Weights(Trainer trainer, string name)
    {
        var path = Path.Combine(_folder, name);
        trainer.SaveModel(path);
        return File.ReadAllBytes(path);
    }
}
