using TuneGrid.Training.Memory;

namespace TuneGrid.Training.Kernels;

/// <summary>A right-hand matrix B [inner, outer] in the layout its kernels want. The bytes belong to the caller, 64-byte aligned.</summary>
/// <param name="inner">Rows of B: the contracted dimension.</param>
/// <param name="outer">Columns of B.</param>
internal readonly unsafe struct PackedMatrix(void* data, int inner, int outer)
{
    public void* Data { get; } = data;

    public int Inner { get; } = inner;

    public int Outer { get; } = outer;
}

/// <summary>
/// Single-threaded matrix products over row-major fp32 with a row stride in elements. Threads split the work above this interface, each
/// with its own <see cref="Workspace"/>; implementations hold no state. Lower-precision levels round the operands to bf16 while packing;
/// sums stay fp32. Any size down to 1 is valid; pointers need only natural alignment.
/// </summary>
internal unsafe interface IMatrixKernels
{
    /// <summary>Bytes a packed [inner, outer] matrix takes.</summary>
    long PackedBytes(int inner, int outer);

    /// <summary>
    /// Packs B [inner, outer]. <paramref name="source"/> is [inner, outer], or [outer, inner] if <paramref name="transposed"/>, so that a
    /// weight stored [out, in] packs with transposed = true for the forward product x·Wᵀ and false for the backward product dy·W.
    /// </summary>
    void Pack(float* source, int stride, int inner, int outer, bool transposed, void* packed);

    /// <summary>C [rows, b.Outer] = A [rows, b.Inner] · B, or C += if <paramref name="accumulate"/>.</summary>
    void Multiply(float* a, int aStride, int rows, in PackedMatrix b, float* c, int cStride, bool accumulate, Workspace workspace);

    /// <summary>
    /// C [m, n] = Aᵀ · B with A [rows, m] and B [rows, n] (a weight gradient: dW = dyᵀ·x), or C += if <paramref name="accumulate"/>.
    /// </summary>
    void MultiplyTransposed(
        float* a, int aStride, int m, float* b, int bStride, int n, int rows, float* c, int cStride, bool accumulate, Workspace workspace);
}
