using TuneGrid.Training.Engines;
using TuneGrid.Training.Model;
using TuneGrid.Training.Tests.Model;

namespace TuneGrid.Training.Torch.Tests;

/// <summary>
/// The trainer's promises, kept with libtorch under it: schedule, data order, checkpoints and scores are those of our own engine.
/// </summary>
public sealed class TorchTrainerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tunegrid-torch").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>AdamW is the plain recipe's; modern is Muon with AdamW on the rest and a bigram table that moves by row.</summary>
    public static TheoryData<string> Runs { get; } = new(
        "recipe=plain", "recipe=plain optimizer=muon bigram_buckets=64",
        "recipe=modern optimizer=adamw learning_rate=0.002 bigram_buckets=64", "recipe=modern bigram_buckets=64",
        "recipe=modern weight_decay=0.1 gradient_clip=0.5 tied=true bigram_buckets=64",
        "recipe=modern optimizer=normuon", "recipe=llama parametrization=mup",
        "recipe=modern batch_warmup=0.5 context_warmup=0.5 dropout=0.1",
        "recipe=modern initialization=fixed zero_init=false momentum=0.9 momentum_warmup=0.5",
        "recipe=plain initialization=scaled zero_init=true beta1=0.8 beta2=0.9 epsilon=0.000001",
        "recipe=modern averaging=0 warmup=0.2 decay=0.3",
        "recipe=modern embedding_learning_rate=0.01 head_learning_rate=0.003 scalar_learning_rate=0.005 bigram_buckets=64");

    [TorchTheory]
    [MemberData(nameof(Runs))]
    public void Two_hundred_steps_stay_together(string settings)
    {
        var options = OptionVariants.Parse(settings) with { BatchSize = 4, Context = 64 };
        using var own = Create(options, 200, TinyCorpus.Settings());
        using var torch = Create(options, 200, Engine.Settings);
        foreach (var steps in new[] { 1, 20, 100, 200 })
        {
            own.TrainUntil(steps, null, default);
            torch.TrainUntil(steps, null, default);
            Assert.True(
                Math.Abs(own.Progress.Loss - torch.Progress.Loss) < 1e-2,
                $"after {steps} steps: {own.Progress.Loss:F4} and {torch.Progress.Loss:F4}");
        }
        var (expected, actual) = (own.Evaluate(TinyCorpus.Corpus.Valid, 0, default), torch.Evaluate(TinyCorpus.Corpus.Valid, 0, default));
        // The text is known by heart by then, and a score near zero tells rounding more than a loss does.
        Assert.True(
            Math.Abs(expected.NatsPerToken - actual.NatsPerToken) < 2e-2,
            $"scores: {expected.NatsPerToken:F4} and {actual.NatsPerToken:F4}");
        Assert.Equal((expected.Tokens, expected.Bytes), (actual.Tokens, actual.Bytes));
    }

    /// <summary>Half the run here, half there, ends where a run in one engine ends.</summary>
    [TorchTheory]
    [InlineData("recipe=plain dropout=0.1", true)]
    [InlineData("recipe=plain dropout=0.1", false)]
    [InlineData("recipe=modern bigram_buckets=64", true)]
    [InlineData("recipe=modern bigram_buckets=64", false)]
    public void Checkpoint_goes_on_in_the_other_engine(string settings, bool ownFirst)
    {
        var options = OptionVariants.Parse(settings) with { BatchSize = 4 };
        var (first, second) = ownFirst ? (TinyCorpus.Settings(), Engine.Settings) : (Engine.Settings, TinyCorpus.Settings());
        using var straight = Create(options, 40, TinyCorpus.Settings());
        straight.TrainUntil(40, null, default);
        var path = Path.Combine(_folder, "half");
        using (var half = Create(options, 40, first))
        {
            half.TrainUntil(18, null, default);
            half.SaveCheckpoint(path);
        }
        using var rest = Trainer.Resume(path, TinyCorpus.Corpus, second);
        Assert.Equal(18, rest.Progress.Steps);
        rest.TrainUntil(40, null, default);
        Assert.Equal(straight.Progress.Loss, rest.Progress.Loss, 5e-3);
        Assert.Equal(straight.Evaluate(TinyCorpus.Corpus.Valid, 0, default).NatsPerToken,
            rest.Evaluate(TinyCorpus.Corpus.Valid, 0, default).NatsPerToken, 5e-3);
    }

    [TorchTheory]
    [InlineData("recipe=plain dropout=0.1")]
    [InlineData("recipe=modern dropout=0.1 bigram_buckets=64")]
    public void Pause_and_resume_give_the_bits_of_no_pause(string settings)
    {
        var options = OptionVariants.Parse(settings);
        using var straight = Create(options, 20, Engine.Settings);
        straight.TrainUntil(20, null, default);
        using (var first = Create(options, 20, Engine.Settings))
        {
            first.TrainUntil(7, null, default);
            first.SaveCheckpoint(Path.Combine(_folder, "pause"));
        }
        using var second = Trainer.Resume(Path.Combine(_folder, "pause"), TinyCorpus.Corpus, Engine.Settings);
        second.TrainUntil(20, null, default);
        Assert.Equal(straight.Progress.Loss, second.Progress.Loss);
        Assert.Equal(Model(straight, "straight"), Model(second, "resumed"));
    }

    [TorchFact]
    public void Saved_model_writes_and_scores_in_our_own_engine()
    {
        var path = Path.Combine(_folder, "model");
        using var trainer = Create(OptionVariants.Parse("recipe=modern bigram_buckets=64"), 60, Engine.Settings);
        trainer.TrainUntil(60, null, default);
        trainer.SaveModel(path);
        using var model = LanguageModel.Load(path, TinyCorpus.Settings());
        Assert.Equal(trainer.Evaluate(TinyCorpus.Corpus.Valid, 0, default).BitsPerByte,
            model.Evaluate(TinyCorpus.Corpus.Valid, default).BitsPerByte, 1e-4);
        Assert.StartsWith("the cat", model.Generate("the cat", new(0, 1, 20, 1)), StringComparison.Ordinal);
    }

    [TorchFact]
    public void Rounded_products_train_as_well()
    {
        var options = OptionVariants.Parse("recipe=modern bigram_buckets=64") with { BatchSize = 4 };
        using var exact = Create(options, 100, Engine.Settings);
        using var rounded = Create(options, 100, Engine.Settings with { Engine = Engine.Bf16 });
        exact.TrainUntil(100, null, default);
        rounded.TrainUntil(100, null, default);
        Assert.NotEqual(exact.Progress.Loss, rounded.Progress.Loss);
        Assert.Equal(exact.Progress.Loss, rounded.Progress.Loss, 0.1);
    }

    [TorchFact]
    public void Hopeless_learning_rate_ends_as_diverged()
    {
        var options = TinyCorpus.Options(Recipe.Plain) with { LearningRate = 10, GradientClip = 0, Normalization = Normalization.RmsNorm };
        using var trainer = Create(options, 200, Engine.Settings);
        Assert.Equal(TrainingStop.Diverged, trainer.TrainUntil(200, null, default));
    }

    [Fact]
    public void Every_option_and_choice_is_expressed()
    {
        Assert.Empty(OptionCatalog.All.Select(o => o.Name).Except(TorchOptions.Expressed));
        foreach (var option in OptionCatalog.All)
        {
            foreach (var choice in option.Choices.DefaultIfEmpty())
            {
                var options = choice is null ? new TrainingOptions() : OptionCatalog.Apply(new(), option.Name, choice);
                Assert.Null(TorchOptions.Refuse(options));
            }
        }
    }

    /// <summary>
    /// Sizes differ from test to test; whatever else there is must be another than usual in some comparison of the engines.
    /// </summary>
    [Fact]
    public void Every_option_is_compared()
    {
        string[] sizes = ["width", "depth", "context", "vocabulary", "batch_size"];
        var varied = ((IEnumerable<string>)[.. OptionVariants.All, .. Runs])
            .SelectMany(row => row.Split(' ')).Select(setting => setting.Split('=')[0]);
        Assert.Empty(OptionCatalog.All.Select(o => o.Name).Except(varied).Except(sizes));
    }

    private static Trainer Create(TrainingOptions options, double steps, TrainerSettings settings) =>
        Trainer.Create(options, new(BudgetUnit.Steps, steps), TinyCorpus.Corpus, settings);

    private byte[] Model(Trainer trainer, string name)
    {
        var path = Path.Combine(_folder, name);
        trainer.SaveModel(path);
        return File.ReadAllBytes(path);
    }
}
