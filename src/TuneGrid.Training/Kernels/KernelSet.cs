namespace TuneGrid.Training.Kernels;

/// <summary>The kernels of one step of the ladder.</summary>
public sealed record KernelSet(InstructionSet InstructionSet, IMatrixKernels Matrix, IAttentionKernels Attention, IElementKernels Element);
