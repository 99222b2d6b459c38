using System.Globalization;
using TuneGrid.Coordination;
using TuneGrid.Coordination.Trials;
using TuneGrid.Simulation.Stores;

namespace TuneGrid.Simulation;

/// <summary>Trains by waiting. A checkpoint's path says how far it got, so that going on from the wrong place would show.</summary>
internal sealed class SimulatedRunner(
    Machine machine, InMemoryArtifactStore artifacts, Dictionary<ArtifactHash, SegmentTruth> truths, TimeProvider time) : ISegmentRunner
{
    public const double StepSeconds = 0.25;
    private const double PartSeconds = 10;
    private const double TokensPerSecond = 100;
    private long _paths;

    /// <summary>
    /// Where a trial stands. Its seconds pass on every machine alike; its tokens, which its score comes from, are what a disturbed one has
    /// fewer of.
    /// </summary>
    private readonly record struct Standpoint(double Seconds, double Tokens);

    public string? WhyNot(CorpusReference corpus) => corpus == TestSpace.Corpus ? null : "needs another corpus";

    public async Task<SegmentOutcome> RunAsync(Assignment work, ISegmentMonitor monitor, CancellationToken pause, CancellationToken abandon)
    {
        var from = await ResumeAsync(work, abandon);
        var number = (int)work.Configuration["number"].Number;
        // A few configurations kill whatever silo tries them.
        if (number % 31 == 30)
        {
            machine.Crash();
            await machine.LiveAsync();
        }
        // A few break their trainer everywhere, and now and then a machine can run nothing.
        if (number % 37 == 36)
            throw new InvalidOperationException("the trainer broke");
        if (machine.Faults.Happens(0.02))
            throw new IOException("no space left");
        await monitor.TrainingBeginsAsync();
        var (at, isStartSeen, pace) = (from, machine.Pace.Equals(machine.ProbedPace), machine.Pace);
        var noise = machine.Faults.AreOn ? 0.5 + machine.Faults.Random.NextDouble() : 1;
        Report(work, monitor, at);
        while (at.Seconds < work.ToAmount && !pause.IsCancellationRequested)
        {
            var part = Math.Min(PartSeconds, work.ToAmount - at.Seconds);
            pace = machine.Pace;
            await Task.Delay(TimeSpan.FromSeconds(part * machine.Speed * noise), time, abandon);
            await machine.LiveAsync();
            abandon.ThrowIfCancellationRequested();
            at = new(at.Seconds + part, at.Tokens + (part * pace * TokensPerSecond * (0.97 + (0.06 * machine.Faults.Random.NextDouble()))));
            Report(work, monitor, at);
        }
        await monitor.TrainingEndsAsync();
        if (at.Seconds < work.ToAmount)
            return new SegmentOutcome.Stopped(at.Seconds, await PutAsync(work, at));
        var speed = at.Seconds > from.Seconds ? (at.Tokens - from.Tokens) / (at.Seconds - from.Seconds) / TokensPerSecond : 1;
        return await ReachedAsync(work, number, at, new(speed, isStartSeen && machine.ProbedPace.Equals(pace)));
    }

    private static void Report(Assignment work, IProgress<SegmentProgress> progress, Standpoint at)
        => progress.Report(new(at.Seconds, work.Budget.Amount, at.Seconds, (long)at.Tokens, TokensPerSecond, 1));

    private async Task<SegmentOutcome> ReachedAsync(Assignment work, int number, Standpoint at, SegmentTruth truth)
    {
        at = at with { Seconds = at.Seconds + (machine.Faults.Random.NextDouble() * StepSeconds) };
        if (number % 13 == 12)
            return new SegmentOutcome.Failed(FailureKind.Diverged, "the loss exploded");
        var score = number % 17 == 16 ? double.NaN : 1 + (number * 7919 % 1000 / 1000.0) + (10 * TokensPerSecond / at.Tokens);
        var model = work.IsLast ? await artifacts.PutAsync($"model/{work.Trial}/{machine.Name}-{_paths++}", default) : (ArtifactHash?)null;
        var checkpoint = await PutAsync(work, at);
        truths[checkpoint] = truth;
        return new SegmentOutcome.Reached(new(
            score, Math.Pow(2, score), at.Seconds, at.Seconds, (long)at.Tokens, (long)(at.Seconds / StepSeconds),
            TokensPerSecond, 1000, score, checkpoint, model));
    }

    private async Task<Standpoint> ResumeAsync(Assignment work, CancellationToken abandon)
    {
        await machine.LiveAsync();
        if (work.Checkpoint is not { } checkpoint)
            return default;
        var parts = (await artifacts.GetAsync(checkpoint, abandon)).Split('/');
        Invariant.Holds(parts[1] == work.Trial.ToString(), $"{work.Trial} resumes from its own checkpoint");
        return new(double.Parse(parts[2], CultureInfo.InvariantCulture), double.Parse(parts[3], CultureInfo.InvariantCulture));
    }

    private async Task<ArtifactHash> PutAsync(Assignment work, Standpoint at)
    {
        await machine.LiveAsync();
        var hash = await artifacts.PutAsync(
            FormattableString.Invariant($"checkpoint/{work.Trial}/{at.Seconds:R}/{at.Tokens:R}/{machine.Name}-{_paths++}"), default);
        if (machine.Faults.Happens(0.03))
            artifacts.Damage(hash);
        return hash;
    }
}
