using System.Diagnostics;
using TuneGrid.Coordination;
using TuneGrid.Coordination.Artifacts;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Trials;
using TuneGrid.Coordination.Workers;
using TuneGrid.Search.Space;
using TuneGrid.Silo.Hardware;
using TuneGrid.Training;
using TuneGrid.Training.Checkpoints;
using TuneGrid.Training.Corpora;
using TuneGrid.Training.Files;

namespace TuneGrid.Silo.Segments;

/// <param name="ScratchFolder">Where checkpoints are written before the artifact store takes them.</param>
/// <param name="ClassMemoryBytes">The most memory that machines of its hardware class have: what needs more is infeasible.</param>
public sealed record SegmentRunnerSettings(TrainerSettings Trainer, string ScratchFolder, long ClassMemoryBytes = long.MaxValue)
{
    /// <summary>Most seconds of evaluation on the way to a rung per second of training; 0 evaluates at rungs only.</summary>
    public double CurveShare { get; init; } = CurveEvaluation.MostOfTraining;
}

/// <summary>
/// Trains segments with our own engine. The trainer of the last segment stays warm: a trial that is promoted at once goes on without
/// reading its checkpoint. One segment at a time; not thread-safe.
/// </summary>
public sealed class SegmentRunner(
    CorpusCache corpora, IArtifactStore artifacts, SegmentRunnerSettings settings) : ISegmentRunner, IDisposable
{
    private static readonly TimeSpan ReportEvery = TimeSpan.FromMilliseconds(250);

    // What was trained is not lost for a store that is out of reach, unless the silo is told to stop meanwhile.
    private readonly StoreRetry _retry = new(TimeProvider.System, Environment.ProcessId, _ => { });
    private WarmTrainer? _warm;

    public string? WhyNot(CorpusReference corpus) => corpora.WhyNot(corpus);

    public async Task<SegmentOutcome> RunAsync(Assignment work, ISegmentMonitor monitor, CancellationToken pause, CancellationToken abandon)
    {
        try
        {
            var trainer = await TakeAsync(work, pause);
            var held = corpora.Encoded(work.Corpus, trainer.Options.Vocabulary, work.Trace).Valid;
            var curve = new CurveRecorder(work, trainer, held, settings.CurveShare, settings.Trainer.Time);
            var outcome = await TrainAsync(new(work, trainer, monitor, curve), pause, abandon);
            if (outcome is SegmentOutcome.Failed or SegmentOutcome.Stopped { Checkpoint: null })
                Drop();
            return outcome;
        }
        catch (OperationCanceledException) when (pause.IsCancellationRequested || abandon.IsCancellationRequested)
        {
            // Nothing new could be saved: what was there before is still what there is.
            Drop();
            return new SegmentOutcome.Stopped(0, null);
        }
        catch (TrainingRefusedException e) when (e.IsForMemory)
        {
            Drop();
            // Cards of a class are alike, machines are not.
            return !settings.Trainer.Engine.IsOnProcessor || e.NeededBytes > settings.ClassMemoryBytes
                ? new SegmentOutcome.Failed(FailureKind.Infeasible, e.Message)
                : new SegmentOutcome.Released(ReleaseCause.Machine, e.Message);
        }
        catch (Exception e) when (e is TrainingRefusedException or ArgumentException)
        {
            Drop();
            return new SegmentOutcome.Failed(FailureKind.Error, e.Message);
        }
        catch (CorpusException e)
        {
            Drop();
            // The text on this machine, or its disk: another machine may have both in order.
            return new SegmentOutcome.Released(ReleaseCause.Machine, e.Message);
        }
        catch
        {
            Drop();
            throw;
        }
    }

    public void Dispose() => Drop();

    private async Task<Trainer> TakeAsync(Assignment work, CancellationToken pause)
    {
        if (_warm is { } warm && warm.Fits(work))
            return warm.Trainer;
        Drop();
        var options = TrainingParameterCatalog.Options(work.Configuration);
        var mine = settings.Trainer with { Seed = work.Seed };
        var checkpoint = work.Checkpoint is { } hash ? await _retry.RunAsync(c => artifacts.GetAsync(hash, c), pause) : null;
        var trainer = await Blocking(() =>
        {
            var corpus = corpora.Encoded(work.Corpus, options.Vocabulary, work.Trace);
            pause.ThrowIfCancellationRequested();
            if (checkpoint is null)
                return Trainer.Create(options, Budget(work.Budget), corpus, mine);
            using var span = MachineSpans.Start("tunegrid.checkpoint.load", work.Trace);
            try
            {
                return Trainer.Resume(checkpoint, corpus, mine, options, Budget(work.Budget));
            }
            catch (CheckpointException e) when (e.InnerException is null or not (IOException or UnauthorizedAccessException))
            {
                throw new ArtifactDamagedException(work.Checkpoint!.Value, e.Message);
            }
        });
        _warm = new(work, trainer);
        return trainer;
    }

    private async Task<SegmentOutcome> TrainAsync(Segment segment, CancellationToken pause, CancellationToken abandon)
    {
        var (work, trainer, _, curve) = segment;
        var before = trainer.Progress;
        var joules = settings.Trainer.Joules?.Invoke();
        await segment.Monitor.TrainingBeginsAsync();
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(pause, abandon);
        var report = segment.Reporter(ReportEvery, giveUp.Token);
        var ended = await Blocking(() => trainer.TrainUntil(work.ToAmount, report, pause, abandon));
        await segment.Monitor.TrainingEndsAsync();
        joules = settings.Trainer.Joules?.Invoke() - joules;
        if (ended == TrainingStop.Abandoned)
            return new SegmentOutcome.Stopped(before.Amount, null);
        if (ended == TrainingStop.Diverged)
            return new SegmentOutcome.Failed(FailureKind.Diverged, $"the loss diverged at step {trainer.Progress.Steps}")
            {
                Curve = curve.Points,
            };
        segment.Report();
        var checkpoint = await SaveAsync("checkpoint", work.Trace, trainer.SaveCheckpoint, abandon, giveUp.Token);
        _warm = new(work with { Checkpoint = checkpoint }, trainer);
        if (ended == TrainingStop.Asked)
            return new SegmentOutcome.Stopped(trainer.Progress.Amount, checkpoint) { Curve = curve.Points };
        try
        {
            return new SegmentOutcome.Reached(await ResultAsync(segment, before, checkpoint, joules, giveUp.Token));
        }
        catch (OperationCanceledException) when (giveUp.IsCancellationRequested)
        {
            // Asked to stop while the score was taken: the training is done and kept, the score is taken again on resuming.
            return new SegmentOutcome.Stopped(trainer.Progress.Amount, checkpoint) { Curve = curve.Points };
        }
    }

    private async Task<SegmentResult> ResultAsync(
        Segment segment, TrainingProgress before, ArtifactHash checkpoint, double? joules, CancellationToken cancellation)
    {
        var (work, trainer, _, curve) = segment;
        var corpus = corpora.Encoded(work.Corpus, trainer.Options.Vocabulary, work.Trace);
        var (score, points) = await Blocking(() =>
        {
            using var span = MachineSpans.Start("tunegrid.evaluation", work.Trace);
            var evaluation = trainer.Evaluate(corpus.Valid, RungEvaluation.TokenLimit(work.IsLast), cancellation);
            span?.SetTag("tunegrid.bits_per_byte", evaluation.BitsPerByte).SetTag("tunegrid.tokens", evaluation.Tokens);
            return (evaluation, curve.Scaled(evaluation.BitsPerByte, cancellation));
        });
        ArtifactHash? model = work.IsLast ? await SaveAsync("model", work.Trace, trainer.SaveModel, cancellation, cancellation) : null;
        var now = trainer.Progress;
        var seconds = now.TrainingSeconds - before.TrainingSeconds;
        return new(
            score.BitsPerByte, score.Perplexity, now.Amount, now.TrainingSeconds, now.Tokens, now.Steps,
            seconds > 0 ? (now.Tokens - before.Tokens) / seconds : now.TokensPerSecond, trainer.Parameters, now.Loss, checkpoint, model)
        {
            PeakMemoryBytes = Machine.PeakMemoryBytes, Joules = joules, Curve = points,
        };
    }

    /// <param name="giveUp">Cancelled when it is no use to wait for a store that is out of reach.</param>
    private async Task<ArtifactHash> SaveAsync(
        string what, string? trace, Action<string> save, CancellationToken cancellation, CancellationToken giveUp)
    {
        using var span = MachineSpans.Start($"tunegrid.{what}.save", trace);
        var path = ScratchFile.Beside(Path.Combine(settings.ScratchFolder, what));
        try
        {
            Directory.CreateDirectory(settings.ScratchFolder);
            await Blocking(() => { save(path); return true; });
            var hash = await _retry.RunAsync(_ => artifacts.PutAsync(path, cancellation), giveUp);
            span?.SetTag("tunegrid.artifact", hash.Hex[..8]);
            return hash;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            // The last is what .NET makes of a limit on the size of files.
            throw new StoreUnusableException(
                $"the {what} could not be written to {settings.ScratchFolder}: {e.Message}; "
                    + "nothing stored is lost: free some space, or make the folder writable, and go on",
                e);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private void Drop()
    {
        _warm?.Trainer.Dispose();
        _warm = null;
    }

    private static TrainingBudget Budget(Budget budget) => new(Unit(budget.Kind), budget.Amount);

    private static BudgetUnit Unit(BudgetKind kind) => kind switch
    {
        BudgetKind.Seconds => BudgetUnit.Seconds,
        BudgetKind.Tokens => BudgetUnit.Tokens,
        BudgetKind.Steps => BudgetUnit.Steps,
        BudgetKind.Joules => BudgetUnit.Joules,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>Training holds a thread for minutes: not one of the pool's.</summary>
    private static Task<T> Blocking<T>(Func<T> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private sealed record WarmTrainer(Assignment Work, Trainer Trainer)
    {
        /// <summary>The same trial, standing exactly where its checkpoint does.</summary>
        public bool Fits(Assignment next) =>
            next.Study == Work.Study && next.Trial == Work.Trial && next.Checkpoint is not null && next.Checkpoint == Work.Checkpoint;
    }

    private sealed record Segment(Assignment Work, Trainer Trainer, ISegmentMonitor Monitor, CurveRecorder Curve)
    {
        public void Report() => Report(Trainer.Progress);

        public Action<TrainingProgress> Reporter(TimeSpan every, CancellationToken stop)
        {
            var last = 0L;
            return now =>
            {
                if (!Curve.Step(now, stop) && last != 0 && Stopwatch.GetElapsedTime(last) < every)
                    return;
                last = Stopwatch.GetTimestamp();
                Report(now);
            };
        }

        private void Report(TrainingProgress now) =>
            Monitor.Report(new(now.Amount, Work.Budget.Amount, now.TrainingSeconds, now.Tokens, now.TokensPerSecond, now.Loss)
            {
                Curve = Curve.Points,
            });
    }
}
