namespace TuneGrid.Training.Kernels;

/// <summary>An instruction set was asked for that does not exist or that this machine cannot run. The message says what it can.</summary>
public sealed class UnsupportedInstructionSetException(string message) : ArgumentException(message);
