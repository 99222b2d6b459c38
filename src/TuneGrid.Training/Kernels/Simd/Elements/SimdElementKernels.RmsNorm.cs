namespace TuneGrid.Training.Kernels.Simd.Elements;

internal sealed unsafe partial class SimdElementKernels<TLane, TVector>
{
    public void RmsNorm(float* x, int xStride, float* gain, int rows, int width, float* y, int yStride, float* rstd)
    {
        for (var row = 0; row < rows; row++, x += xStride, y += yStride)
        {
            var squares = Sweep<TLane, TVector>.Sum(default(Product<TLane, TVector>), x, x, width);
            var r = 1 / MathF.Sqrt(squares / width + IElementKernels.NormEpsilon);
            if (gain == null)
                Sweep<TLane, TVector>.Run(new Scaled<TLane, TVector>(r), x, y, width);
            else
                Sweep<TLane, TVector>.Run(new ScaledProduct<TLane, TVector>(r), x, gain, y, width);
            if (rstd != null)
                rstd[row] = r;
        }
    }

    public void RmsNormBackward(
        float* dy, int dyStride, float* x, int xStride, float* gain, float* rstd, int rows, int width, float* dx, int dxStride,
        bool accumulate, float* dgain)
    {
        for (var row = 0; row < rows; row++, dy += dyStride, x += xStride, dx += dxStride)
        {
            var sum = TLane.Zero;
            for (var i = 0; i < width; i += TLane.Count)
            {
                var n = Math.Min(TLane.Count, width - i);
                var scaled = Load(dy + i, n);
                if (gain != null)
                    scaled = TLane.Multiply(scaled, Load(gain + i, n));
                sum = TLane.MultiplyAdd(scaled, Load(x + i, n), sum);
            }
            var projection = TLane.Create(-TLane.Sum(sum) * rstd[row] / width);
            var r = TLane.Create(rstd[row]);
            for (var i = 0; i < width; i += TLane.Count)
            {
                var n = Math.Min(TLane.Count, width - i);
                TVector gradient = Load(dy + i, n), normalized = TLane.Multiply(Load(x + i, n), r);
                if (dgain != null)
                    Store(TLane.MultiplyAdd(gradient, normalized, Load(dgain + i, n)), dgain + i, n);
                if (gain != null)
                    gradient = TLane.Multiply(gradient, Load(gain + i, n));
                gradient = TLane.Multiply(TLane.MultiplyAdd(normalized, projection, gradient), r);
                Store(accumulate ? TLane.Add(gradient, Load(dx + i, n)) : gradient, dx + i, n);
            }
        }
    }
}
