using System.Globalization;
using TuneGrid.Coordination.Ports;
using TuneGrid.Coordination.Ports.InMemory;
using TuneGrid.Coordination.Trials;

namespace TuneGrid.Coordination.Tests.Simulation;

/// <summary>Trains by waiting. A checkpoint's path says how far it got, so that going on from the wrong place would show.</summary>
internal sealed class SimulatedRunner(Machine machine, InMemoryArtifactStore artifacts, TimeProvider time) : ISegmentRunner
{
    public const double StepSeconds = 0.25;
    private long _paths;

    public bool CanRun(CorpusReference corpus) => corpus == TestSpace.Corpus;

    public async Task<SegmentOutcome> RunAsync(SegmentOrder order, IProgress<SegmentProgress> progress, CancellationToken stop, CancellationToken abandon)
    {
        var faults = machine.Faults;
        var amount = await ResumeAsync(order, abandon);
        var number = (int)order.Configuration["number"].Number;
        // A few configurations kill whatever silo tries them.
        if (number % 31 == 30)
        {
            machine.Crash();
            await machine.LiveAsync();
        }
        var noise = faults.AreOn ? 0.5 + faults.Random.NextDouble() : 1;
        while (amount < order.ToAmount && !stop.IsCancellationRequested)
        {
            var part = Math.Min(20, order.ToAmount - amount);
            await Task.Delay(TimeSpan.FromSeconds(part * machine.Speed * noise), time, abandon);
            await machine.LiveAsync();
            abandon.ThrowIfCancellationRequested();
            amount += part;
            progress.Report(new(amount, order.Budget.Amount, amount, (long)amount * 100, 100, 1));
        }
        if (amount < order.ToAmount)
            return new SegmentOutcome.Stopped(amount, await PutAsync(order, amount));
        amount += faults.Random.NextDouble() * StepSeconds;
        if (number % 13 == 12)
            return new SegmentOutcome.Failed(FailureKind.Diverged, "the loss exploded");
        var score = number % 17 == 16 ? double.NaN : 1 + (number * 7919 % 1000 / 1000.0) + (10 / amount);
        var model = order.IsLast ? await artifacts.PutAsync($"model/{order.Trial}/{machine.Name}-{_paths++}", default) : (ArtifactHash?)null;
        return new SegmentOutcome.Reached(new(
            score, Math.Pow(2, score), amount, amount, (long)amount * 100, (long)(amount / StepSeconds), 100, 1000, score, await PutAsync(order, amount), model));
    }

    private async Task<double> ResumeAsync(SegmentOrder order, CancellationToken abandon)
    {
        await machine.LiveAsync();
        if (order.Checkpoint is not { } checkpoint)
            return 0;
        var parts = (await artifacts.GetAsync(checkpoint, abandon)).Split('/');
        Assert.Equal(order.Trial.ToString(), parts[1]);
        return double.Parse(parts[2], CultureInfo.InvariantCulture);
    }

    private async Task<ArtifactHash> PutAsync(SegmentOrder order, double amount)
    {
        await machine.LiveAsync();
        var hash = await artifacts.PutAsync(FormattableString.Invariant($"checkpoint/{order.Trial}/{amount:R}/{machine.Name}-{_paths++}"), default);
        if (machine.Faults.Happens(0.03))
            artifacts.Damage(hash);
        return hash;
    }
}
