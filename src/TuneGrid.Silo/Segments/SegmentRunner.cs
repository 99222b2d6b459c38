using System.Diagnostics;
using TuneGrid.Coordination;
using TuneGrid.Coordination.Artifacts;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Space;
using TuneGrid.Silo.Hardware;
using TuneGrid.Training;
using TuneGrid.Training.Checkpoints;
using TuneGrid.Training.Corpora;

namespace TuneGrid.Silo.Segments;

/// <param name="ScratchFolder">Where checkpoints are written before the artifact store takes them.</param>
public sealed record SegmentRunnerSettings(TrainerSettings Trainer, string ScratchFolder);

/// <summary>
/// Trains segments with our own engine. The trainer of the last segment stays warm: a trial that is promoted at once goes on without reading its checkpoint.
/// One segment at a time; not thread-safe.
/// </summary>
public sealed class SegmentRunner(CorpusShelf corpora, IArtifactStore artifacts, SegmentRunnerSettings settings) : ISegmentRunner, IDisposable
{
    private static readonly TimeSpan ReportEvery = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(500);
    private WarmTrainer? _warm;

    public bool CanRun(CorpusReference corpus) => corpora.Has(corpus);

    public async Task<SegmentOutcome> RunAsync(SegmentOrder order, ISegmentMonitor monitor, CancellationToken stop, CancellationToken abandon)
    {
        try
        {
            var trainer = await TakeAsync(order, stop);
            var outcome = await TrainAsync(new(order, trainer, monitor), stop, abandon);
            if (outcome is SegmentOutcome.Failed or SegmentOutcome.Stopped { Checkpoint: null })
                Drop();
            return outcome;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested || abandon.IsCancellationRequested)
        {
            // Nothing new could be saved: what was there before is still what there is.
            Drop();
            return new SegmentOutcome.Stopped(0, null);
        }
        catch (TrainingRefusedException e)
        {
            Drop();
            return new SegmentOutcome.Failed(e.IsForMemory ? FailureKind.OutOfMemory : FailureKind.Error, e.Message);
        }
        catch (OutOfMemoryException e)
        {
            Drop();
            return new SegmentOutcome.Failed(FailureKind.OutOfMemory, e.Message);
        }
        catch (CorpusException e) when (e.InnerException is IOException or UnauthorizedAccessException)
        {
            Drop();
            // This machine's fault, not the trial's: it must not be recorded as failed.
            throw new StoreUnusableException(e.Message, e);
        }
        catch (Exception e) when (e is ArgumentException or CorpusException)
        {
            Drop();
            return new SegmentOutcome.Failed(FailureKind.Error, e.Message);
        }
        catch
        {
            Drop();
            throw;
        }
    }

    public void Dispose() => Drop();

    private async Task<Trainer> TakeAsync(SegmentOrder order, CancellationToken stop)
    {
        if (_warm is { } warm && warm.Fits(order))
            return warm.Trainer;
        Drop();
        var options = TrainingParameterCatalog.Options(order.Configuration);
        var mine = settings.Trainer with { Seed = order.Seed };
        var checkpoint = order.Checkpoint is { } hash ? await InsistAsync(() => artifacts.GetAsync(hash, stop), stop) : null;
        var trainer = await Blocking(() =>
        {
            var corpus = corpora.Encoded(order.Corpus, options.Vocabulary, order.Trace);
            stop.ThrowIfCancellationRequested();
            if (checkpoint is null)
                return Trainer.Create(options, Budget(order.Budget), corpus, mine);
            using var span = MachineSpans.Start("tunegrid.checkpoint.load", order.Trace);
            try
            {
                return Trainer.Resume(checkpoint, corpus, mine);
            }
            catch (CheckpointException e)
            {
                throw new ArtifactDamagedException(order.Checkpoint!.Value, e.Message);
            }
        });
        _warm = new(order, trainer);
        return trainer;
    }

    private async Task<SegmentOutcome> TrainAsync(Segment segment, CancellationToken stop, CancellationToken abandon)
    {
        var (order, trainer, _) = segment;
        var before = trainer.Progress;
        var joules = settings.Trainer.Joules?.Invoke();
        await segment.Monitor.TrainingBeginsAsync();
        var ended = await Blocking(() => trainer.TrainUntil(order.ToAmount, segment.Reporter(ReportEvery), stop, abandon));
        await segment.Monitor.TrainingEndsAsync();
        joules = settings.Trainer.Joules?.Invoke() - joules;
        if (ended == TrainingStop.Abandoned)
            return new SegmentOutcome.Stopped(before.Amount, null);
        if (ended == TrainingStop.Diverged)
            return new SegmentOutcome.Failed(FailureKind.Diverged, $"the loss diverged at step {trainer.Progress.Steps}");
        segment.Report();
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(stop, abandon);
        var checkpoint = await SaveAsync("checkpoint", order.Trace, trainer.SaveCheckpoint, abandon, giveUp.Token);
        _warm = new(order with { Checkpoint = checkpoint }, trainer);
        if (ended == TrainingStop.Asked)
            return new SegmentOutcome.Stopped(trainer.Progress.Amount, checkpoint);
        using var hurry = CancellationTokenSource.CreateLinkedTokenSource(stop, abandon);
        try
        {
            return new SegmentOutcome.Reached(await ResultAsync(segment, before, checkpoint, joules, hurry.Token));
        }
        catch (OperationCanceledException) when (hurry.IsCancellationRequested)
        {
            // Asked to stop while the score was taken: the training is done and kept, the score is taken again on resuming.
            return new SegmentOutcome.Stopped(trainer.Progress.Amount, checkpoint);
        }
    }

    private async Task<SegmentResult> ResultAsync(
        Segment segment, TrainingProgress before, ArtifactHash checkpoint, double? joules, CancellationToken cancellation)
    {
        var (order, trainer, _) = segment;
        var corpus = corpora.Encoded(order.Corpus, trainer.Options.Vocabulary, order.Trace);
        var score = await Blocking(() =>
        {
            using var span = MachineSpans.Start("tunegrid.evaluation", order.Trace);
            var evaluation = trainer.Evaluate(corpus.Valid, RungEvaluation.TokenLimit(order.IsLast), cancellation);
            span?.SetTag("tunegrid.bits_per_byte", evaluation.BitsPerByte).SetTag("tunegrid.tokens", evaluation.Tokens);
            return evaluation;
        });
        ArtifactHash? model = order.IsLast ? await SaveAsync("model", order.Trace, trainer.SaveModel, cancellation, cancellation) : null;
        var now = trainer.Progress;
        var seconds = now.TrainingSeconds - before.TrainingSeconds;
        return new(
            score.BitsPerByte, score.Perplexity, now.Amount, now.TrainingSeconds, now.Tokens, now.Steps,
            seconds > 0 ? (now.Tokens - before.Tokens) / seconds : now.TokensPerSecond, trainer.Parameters, now.Loss, checkpoint, model)
        {
            PeakMemoryBytes = Machine.PeakMemoryBytes, Joules = joules,
        };
    }

    /// <param name="giveUp">Cancelled when it is no use to wait for a store that is out of reach.</param>
    private async Task<ArtifactHash> SaveAsync(string what, string? trace, Action<string> save, CancellationToken cancellation, CancellationToken giveUp)
    {
        using var span = MachineSpans.Start($"tunegrid.{what}.save", trace);
        var path = Path.Combine(settings.ScratchFolder, $"{Environment.ProcessId}-{what}.safetensors");
        try
        {
            Directory.CreateDirectory(settings.ScratchFolder);
            await Blocking(() => { save(path); return true; });
            var hash = await InsistAsync(() => artifacts.PutAsync(path, cancellation), giveUp);
            span?.SetTag("tunegrid.artifact", hash.Hex[..8]);
            return hash;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            // The last is what .NET makes of a limit on the size of files.
            throw new StoreUnusableException(
                $"the {what} could not be written to {settings.ScratchFolder}: {e.Message}; nothing stored is lost: free some space, or make the folder writable, and go on", e);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Waits for a store that is out of reach: what was trained is not lost for it, unless the silo is told to stop meanwhile.</summary>
    private static async Task<T> InsistAsync<T>(Func<ValueTask<T>> call, CancellationToken giveUp)
    {
        while (true)
        {
            try
            {
                return await call();
            }
            catch (StoreUnavailableException)
            {
                await Task.Delay(RetryEvery, giveUp);
            }
        }
    }

    private void Drop()
    {
        _warm?.Trainer.Dispose();
        _warm = null;
    }

    private static TrainingBudget Budget(Budget budget) => new(Enum.Parse<BudgetUnit>(budget.Kind.ToString()), budget.Amount);

    /// <summary>Training holds a thread for minutes: not one of the pool's.</summary>
    private static Task<T> Blocking<T>(Func<T> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private sealed record WarmTrainer(SegmentOrder Order, Trainer Trainer)
    {
        /// <summary>The same trial, standing exactly where its checkpoint does.</summary>
        public bool Fits(SegmentOrder next) =>
            next.Study == Order.Study && next.Trial == Order.Trial && next.Checkpoint is not null && next.Checkpoint == Order.Checkpoint;
    }

    private sealed record Segment(SegmentOrder Order, Trainer Trainer, ISegmentMonitor Monitor)
    {
        public void Report() => Report(Trainer.Progress);

        public Action<TrainingProgress> Reporter(TimeSpan every)
        {
            var last = 0L;
            return now =>
            {
                if (last != 0 && Stopwatch.GetElapsedTime(last) < every)
                    return;
                last = Stopwatch.GetTimestamp();
                Report(now);
            };
        }

        private void Report(TrainingProgress now) =>
            Monitor.Report(new(now.Amount, Order.Budget.Amount, now.TrainingSeconds, now.Tokens, now.TokensPerSecond, now.Loss));
    }
}
