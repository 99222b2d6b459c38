using TuneGrid.Training.Corpora;
using TuneGrid.Training.Engines;
using TuneGrid.Training.Model;
using TuneGrid.Training.Optimization;

namespace TuneGrid.Training;

/// <summary>
/// Trains one configuration. Its budget may be spent in several stretches, with a checkpoint in between; a resumed run goes on as if it had
/// never stopped, bit for bit if the budget counts steps or tokens. The same seed, instruction set and number of threads give the same
/// bits. Not thread-safe.
/// </summary>
public sealed unsafe partial class Trainer : IDisposable
{
    private const double LossSmoothing = 0.05;
    private const int WarmUpPasses = 2;
    private readonly EncodedCorpus _corpus;
    private readonly TrainerSettings _settings;
    private readonly ulong _seed;
    private readonly ModelLayout _layout;
    private readonly ITrainingStep _step;
    private readonly TrainingClock _clock;
    private double _joules, _loss = double.NaN;
    private double _secondsBefore;
    private long _sequences, _tokensBefore;
    private bool _isWarm;

    private Trainer(TrainingOptions options, TrainingBudget budget, EncodedCorpus corpus, TrainerSettings settings, ulong seed)
    {
        (Options, Budget, _corpus, _settings, _seed) = (options, budget, corpus, settings, seed);
        _layout = new ModelLayout(options);
        _clock = new TrainingClock(settings.Time);
        _step = settings.Engine.Build(_layout, corpus.Train, settings, seed);
    }

    /// <summary>What is trained.</summary>
    public TrainingOptions Options { get; }

    /// <summary>The whole budget of the run, its earlier stretches included.</summary>
    public TrainingBudget Budget { get; }

    /// <summary>Trainable numbers, embeddings included.</summary>
    public long Parameters => _layout.Parameters.Sum(p => p.Count);

    /// <summary>How far the run is, its earlier stretches included.</summary>
    public TrainingProgress Progress
    {
        get
        {
            var seconds = _clock.Seconds - _secondsBefore;
            return new(Amount, _clock.Seconds, Tokens, Steps, seconds > 0 ? (Tokens - _tokensBefore) / seconds : 0, _loss);
        }
    }

    private long Steps => _step.Steps;

    private long Tokens => _sequences * Options.Context;

    private double Amount => Budget.Unit switch
    {
        BudgetUnit.Seconds => _clock.Seconds,
        BudgetUnit.Tokens => Tokens,
        BudgetUnit.Steps => Steps,
        _ => _joules,
    };

    /// <summary>A fresh run.</summary>
    /// <exception cref="TrainingRefusedException">The options contradict each other, or the run does not fit in memory.</exception>
    public static Trainer Create(TrainingOptions options, TrainingBudget budget, EncodedCorpus corpus, TrainerSettings settings)
    {
        Refuse(options, budget, corpus, settings);
        var trainer = new Trainer(options, budget, corpus, settings, settings.Seed);
        try
        {
            trainer._step.Fill(state =>
            {
                InitialWeights.Fill(trainer._layout, settings.Seed, state.Weights.Data);
                InitialWeights.Fill(trainer._layout, settings.Seed, state.Average.Data);
            });
            return trainer;
        }
        catch
        {
            trainer.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Trains until the spent amount reaches <paramref name="amount"/> (in budget units), at the first step boundary at or after it, or
    /// until told to stop.
    /// </summary>
    /// <param name="progress">Called after every step, on this thread, outside the clock.</param>
    /// <param name="stop">Stop at the next step boundary; the run can go on later.</param>
    /// <param name="abandon">Stop at the next step boundary; nothing will be kept.</param>
    public TrainingStop TrainUntil(
        double amount, Action<TrainingProgress>? progress, CancellationToken stop, CancellationToken abandon = default)
    {
        WarmUp();
        while (Amount < amount)
        {
            if (abandon.IsCancellationRequested)
                return TrainingStop.Abandoned;
            if (stop.IsCancellationRequested)
                return TrainingStop.Asked;
            Step();
            if (HasDiverged)
                return TrainingStop.Diverged;
            progress?.Invoke(Progress);
        }
        return TrainingStop.Reached;
    }

    /// <summary>Scores a text, outside the training clock, with the averaged weights (the raw ones where averaging is off).</summary>
    /// <param name="maxTokens">At most about so many tokens, whole documents at an even stride; 0 scores all.</param>
    /// <exception cref="OperationCanceledException">It was told to stop.</exception>
    public Evaluation Evaluate(TokenSequence text, long maxTokens, CancellationToken cancellation)
        => _step.Evaluate(text, maxTokens, _corpus.Tokenizer, Spent, cancellation);

    /// <summary>Ends the threads and frees all memory of the run; what was not saved is lost.</summary>
    public void Dispose() => _step.Dispose();

    /// <summary>Share of the budget, 0..1.</summary>
    private double Spent => Math.Min(1, Amount / Budget.Amount);

    private BatchPlan NextBatch => Schedule.Batch(Options, Steps, _sequences, Spent);

    /// <summary>Not a number, or three times worse than knowing nothing.</summary>
    private bool HasDiverged => !double.IsFinite(_loss) || _loss > 3 * Math.Log(Options.Vocabulary);

    private void Step()
    {
        var joules = _settings.Joules?.Invoke() ?? 0;
        _clock.StartStep();
        var batch = NextBatch;
        var loss = _step.Gradients(batch);
        _step.Update(Spent);
        _sequences += batch.Sequences;
        _clock.EndStep();
        _joules += (_settings.Joules?.Invoke() ?? 0) - joules;
        _loss = double.IsNaN(_loss) && Steps == 1 ? loss : _loss + ((loss - _loss) * LossSmoothing);
    }

    /// <summary>
    /// Compiles the step before the clock runs. Gradients are thrown away and nothing else changes, so the bits stay the same.
    /// </summary>
    private void WarmUp()
    {
        if (_isWarm)
            return;
        for (var i = 0; i < WarmUpPasses; i++)
        {
            _step.Gradients(NextBatch);
            _step.WarmUpUpdate();
        }
        _isWarm = true;
    }

    private static void Refuse(TrainingOptions options, TrainingBudget budget, EncodedCorpus corpus, TrainerSettings settings)
    {
        if (OptionCatalog.Refuse(options) is { } reason)
            throw new TrainingRefusedException(reason);
        if (settings.Engine.Refuse(options) is { } gap)
            throw new TrainingRefusedException(gap);
        if (options.Vocabulary < corpus.Tokenizer.VocabularySize)
            throw new TrainingRefusedException(FormattableString.Invariant(
                $"the model's vocabulary {options.Vocabulary} is smaller than the tokenizer's {corpus.Tokenizer.VocabularySize}"));
        if (budget.Unit == BudgetUnit.Joules && settings.Joules is null)
            throw new TrainingRefusedException(
                "a budget in joules needs a readable energy counter, and this machine has none; use seconds, tokens or steps");
        var needed = settings.Engine.MemoryBytes(options, settings.Threads);
        var limit = settings.MemoryLimitBytes > 0
            ? settings.MemoryLimitBytes
            : settings.Engine.DeviceMemoryBytes ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (needed > limit)
        {
            var sizes = FormattableString.Invariant($"{needed / 1048576.0:F0} MiB and may use {limit / 1048576.0:F0} MiB");
            throw new TrainingRefusedException(
                $"the run needs {sizes}: make width, depth, batch_size, context or vocabulary smaller")
            {
                IsForMemory = true, NeededBytes = needed,
            };
        }
    }
}
