namespace TuneGrid.Training.Kernels.Simd.Elements;

internal sealed unsafe partial class SimdElementKernels<TLane, TVector>
{
    public void LayerNorm(
        float* x, int xStride, float* gain, float* bias, int rows, int width, float* y, int yStride, float* mean, float* rstd)
    {
        for (var row = 0; row < rows; row++, x += xStride, y += yStride)
        {
            var center = Sweep<TLane, TVector>.Sum(default(Left<TVector>), x, x, width) / width;
            // Two passes, since the variance of a row far from zero cancels in the one-pass form.
            var r = 1 / MathF.Sqrt(CenteredSquares(x, center, width) / width + IElementKernels.NormEpsilon);
            TVector factor = TLane.Create(r), shift = TLane.Create(-center);
            for (var i = 0; i < width; i += TLane.Count)
            {
                var n = Math.Min(TLane.Count, width - i);
                var normalized = TLane.Multiply(TLane.Add(Load(x + i, n), shift), factor);
                if (gain != null)
                    normalized = TLane.Multiply(normalized, Load(gain + i, n));
                if (bias != null)
                    normalized = TLane.Add(normalized, Load(bias + i, n));
                Store(normalized, y + i, n);
            }
            if (mean != null)
                mean[row] = center;
            if (rstd != null)
                rstd[row] = r;
        }
    }

    public void LayerNormBackward(
        float* dy, int dyStride, float* x, int xStride, float* gain, float* mean, float* rstd, int rows, int width,
        float* dx, int dxStride, bool accumulate, float* dgain, float* dbias)
    {
        for (var row = 0; row < rows; row++, dy += dyStride, x += xStride, dx += dxStride)
        {
            TVector shift = TLane.Create(-mean[row]), r = TLane.Create(rstd[row]), sum = TLane.Zero, product = TLane.Zero;
            for (var i = 0; i < width; i += TLane.Count)
            {
                var n = Math.Min(TLane.Count, width - i);
                var scaled = Load(dy + i, n);
                if (gain != null)
                    scaled = TLane.Multiply(scaled, Load(gain + i, n));
                sum = TLane.Add(sum, scaled);
                product = TLane.MultiplyAdd(scaled, TLane.Add(Load(x + i, n), shift), product);
            }
            var average = TLane.Create(TLane.Sum(sum) / width);
            var projection = TLane.Create(-TLane.Sum(product) * rstd[row] / width);
            for (var i = 0; i < width; i += TLane.Count)
            {
                var n = Math.Min(TLane.Count, width - i);
                TVector gradient = Load(dy + i, n), normalized = TLane.Multiply(TLane.Add(Load(x + i, n), shift), r);
                if (dgain != null)
                    Store(TLane.MultiplyAdd(gradient, normalized, Load(dgain + i, n)), dgain + i, n);
                if (dbias != null)
                    Store(TLane.Add(gradient, Load(dbias + i, n)), dbias + i, n);
                if (gain != null)
                    gradient = TLane.Multiply(gradient, Load(gain + i, n));
                gradient = TLane.Multiply(TLane.MultiplyAdd(normalized, projection, TLane.Subtract(gradient, average)), r);
                Store(accumulate ? TLane.Add(gradient, Load(dx + i, n)) : gradient, dx + i, n);
            }
        }
    }

    private static float CenteredSquares(float* x, float center, int width)
    {
        var whole = width / TLane.Count * TLane.Count;
        var sum = Sweep<TLane, TVector>.Sum(new CenteredSquare<TLane, TVector>(center), x, x, whole);
        if (whole == width)
            return sum;
        var centered = TLane.Subtract(LoadFilled(x + whole, width - whole, center), TLane.Create(center));
        return sum + TLane.Sum(TLane.Multiply(centered, centered));
    }
}
