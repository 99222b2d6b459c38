namespace TuneGrid.Training.Kernels;

/// <summary>The kernels of one level of the ladder.</summary>
public sealed record KernelSet(InstructionSet InstructionSet, IMatrixKernels Matrix, IAttentionKernels Attention, IElementKernels Element);
