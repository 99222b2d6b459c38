namespace TuneGrid.Training.Kernels.Measurement;

/// <summary>One timed kernel on one thread.</summary>
/// <param name="Shape">For a product rows x inner x outer; for attention positions, heads and head width.</param>
/// <param name="ShareOfPeak">Of the same level's measured peak, 0..1; 0 where none is measured.</param>
public sealed record KernelMeasurement(string Kernel, string Shape, double GigaflopsPerSecond, double ShareOfPeak);

/// <summary>What one core can do at most with one kind of instruction, measured.</summary>
public sealed record KernelPeak(string Instruction, double GigaflopsPerSecond);
