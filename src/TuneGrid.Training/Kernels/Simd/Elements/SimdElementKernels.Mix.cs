namespace TuneGrid.Training.Kernels.Simd.Elements;

internal sealed unsafe partial class SimdElementKernels<TLane, TVector>
{
    public void Mix(float a, float* x, int xStride, float b, float* z, int zStride, int rows, int width, float* y, int yStride)
    {
        var (factorX, factorZ) = (TLane.Create(a), TLane.Create(b));
        for (var row = 0; row < rows; row++, x += xStride, z += zStride, y += yStride)
        {
            for (var i = 0; i < width; i += TLane.Count)
            {
                var n = Math.Min(TLane.Count, width - i);
                Store(TLane.MultiplyAdd(Load(x + i, n), factorX, TLane.Multiply(Load(z + i, n), factorZ)), y + i, n);
            }
        }
    }

    public (double A, double B) MixBackward(
        float a, float* x, int xStride, float b, float* z, int zStride, int rows, int width, float* dy, int dyStride, float* dz,
        int dzStride)
    {
        var (factorX, factorZ) = (TLane.Create(a), TLane.Create(b));
        double sumA = 0, sumB = 0;
        for (var row = 0; row < rows; row++, x += xStride, z += zStride, dy += dyStride, dz += dzStride)
        {
            TVector da = TLane.Zero, db = TLane.Zero;
            for (var i = 0; i < width; i += TLane.Count)
            {
                var n = Math.Min(TLane.Count, width - i);
                var d = Load(dy + i, n);
                da = TLane.MultiplyAdd(d, Load(x + i, n), da);
                db = TLane.MultiplyAdd(d, Load(z + i, n), db);
                Store(TLane.MultiplyAdd(d, factorZ, Load(dz + i, n)), dz + i, n);
                Store(TLane.Multiply(d, factorX), dy + i, n);
            }
            sumA += TLane.Sum(da);
            sumB += TLane.Sum(db);
        }
        return (sumA, sumB);
    }
}
