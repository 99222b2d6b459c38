using TuneGrid.Training.Engines;
using TuneGrid.Training.Kernels;

namespace TuneGrid.Training;

/// <summary>Where and how a trainer runs; nothing here belongs to the trial.</summary>
/// <param name="Threads">At most this many; fewer work when the batch has fewer tasks.</param>
/// <param name="Seed">Of weights, data order and dropout. A resumed trainer keeps its checkpoint's.</param>
public sealed record TrainerSettings(int Threads, ulong Seed, KernelSet Kernels)
{
    /// <summary>What computes the steps; our own kernels unless told otherwise.</summary>
    public TrainingEngine Engine { get => field ?? new NativeEngine(Kernels); init; }

    /// <summary>Most bytes of memory a run may need where it computes; 0 is all that the device or the machine has.</summary>
    public long MemoryLimitBytes { get; init; }

    /// <summary>What the training seconds are read from.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>A growing energy counter in joules, needed for budgets in joules.</summary>
    public Func<double>? Joules { get; init; }
}
