namespace TuneGrid.Training.Kernels.Simd;

/// <summary>Moves a partial tile at the edge of C from scratch to its place.</summary>
internal static unsafe class TileCopy
{
    public static void Run<TLane, TVector>(
        float* scratch, int scratchStride, int rows, int columns, float* target, int stride, bool accumulate)
        where TLane : struct, ILane<TVector>
        where TVector : unmanaged
    {
        for (var i = 0; i < rows; i++, scratch += scratchStride, target += stride)
            for (var j = 0; j < columns; j += TLane.Count)
            {
                var count = Math.Min(TLane.Count, columns - j);
                var sum = TLane.Load(scratch + j);
                TLane.StorePart(accumulate ? TLane.Add(sum, TLane.LoadPart(target + j, count)) : sum, target + j, count);
            }
    }
}
