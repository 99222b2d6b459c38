namespace TuneGrid.Training.Kernels;

/// <summary>The kernels of one level of the ladder. They hold no state, so any number of threads may use them at once.</summary>
public sealed class KernelSet
{
    internal KernelSet(InstructionSet instructionSet, IMatrixKernels matrix, IAttentionKernels attention, IElementKernels element) =>
        (InstructionSet, Matrix, Attention, Element) = (instructionSet, matrix, attention, element);

    /// <summary>The level of the ladder.</summary>
    public InstructionSet InstructionSet { get; }

    internal IMatrixKernels Matrix { get; }

    internal IAttentionKernels Attention { get; }

    internal IElementKernels Element { get; }
}
