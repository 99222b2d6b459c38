namespace TuneGrid.Training.Kernels;

/// <summary>A causal depthwise convolution over the rows of one sequence [Rows, Width].</summary>
/// <param name="rows">Positions of the sequence.</param>
/// <param name="width">Channels; rows follow one another without a gap.</param>
/// <param name="taps">Rows it looks back, 1 to <see cref="IElementKernels.MostTaps"/>.</param>
/// <param name="firstVisible">
/// [Rows] as in <see cref="AttentionShape"/>: a row that may see none but itself begins anew. Null: only the first does.
/// </param>
internal readonly unsafe struct ConvolutionShape(int rows, int width, int taps, int* firstVisible)
{
    public int Rows { get; } = rows;

    public int Width { get; } = width;

    public int Taps { get; } = taps;

    /// <summary>Whether no row from here on sees any before it.</summary>
    public bool BeginsAt(int row) => row == 0 || (firstVisible != null && firstVisible[row] == row);
}
