namespace TuneGrid.Training.Kernels.Simd.Elements;

/// <summary>
/// One register of channels at a time walks over all rows, with the rows it looks at in registers: one trip through memory.
/// </summary>
internal sealed unsafe partial class SimdElementKernels<TLane, TVector>
{
    public void Convolve(in ConvolutionShape shape, float* weights, float* x, float* y)
    {
        for (var i = 0; i < shape.Width; i += TLane.Count)
            ConvolveChannels(shape, weights + i, x + i, y + i, Math.Min(TLane.Count, shape.Width - i));
    }

    public void ConvolveBackward(in ConvolutionShape shape, float* weights, float* x, float* dy, float* dweights)
    {
        for (var i = 0; i < shape.Width; i += TLane.Count)
            ConvolveChannelsBackward(shape, weights + i, x + i, dy + i, dweights + i, Math.Min(TLane.Count, shape.Width - i));
    }

    private static void ConvolveChannels(in ConvolutionShape shape, float* weights, float* x, float* y, int channels)
    {
        var (w1, w2, w3) = (Tap(shape, weights, 1, channels), Tap(shape, weights, 2, channels), Tap(shape, weights, 3, channels));
        TVector x1 = TLane.Zero, x2 = x1, x3 = x1;
        for (var row = 0; row < shape.Rows; row++, x += shape.Width, y += shape.Width)
        {
            if (shape.BeginsAt(row))
                x1 = x2 = x3 = TLane.Zero;
            var x0 = Load(x, channels);
            Store(TLane.MultiplyAdd(w3, x3, TLane.MultiplyAdd(w2, x2, TLane.MultiplyAdd(w1, x1, x0))), y, channels);
            (x3, x2, x1) = (x2, x1, x0);
        }
    }

    private static void ConvolveChannelsBackward(
        in ConvolutionShape shape, float* weights, float* x, float* dy, float* dweights, int channels)
    {
        var (w1, w2, w3) = (Tap(shape, weights, 1, channels), Tap(shape, weights, 2, channels), Tap(shape, weights, 3, channels));
        // Of the rows one, two and three further down, unless they can't see this one.
        TVector d1 = TLane.Zero, d2 = d1, d3 = d1, dw1 = d1, dw2 = d1, dw3 = d1;
        for (var row = shape.Rows - 1; row >= 0; row--)
        {
            TVector x0 = Load(x + ((long)row * shape.Width), channels), d0 = Load(dy + ((long)row * shape.Width), channels);
            (dw1, dw2, dw3) = (TLane.MultiplyAdd(d1, x0, dw1), TLane.MultiplyAdd(d2, x0, dw2), TLane.MultiplyAdd(d3, x0, dw3));
            Store(
                TLane.MultiplyAdd(w3, d3, TLane.MultiplyAdd(w2, d2, TLane.MultiplyAdd(w1, d1, d0))), dy + ((long)row * shape.Width),
                channels);
            (d3, d2, d1) = (d2, d1, d0);
            if (shape.BeginsAt(row))
                d1 = d2 = d3 = TLane.Zero;
        }
        AddTap(shape, dw1, dweights, 1, channels);
        AddTap(shape, dw2, dweights, 2, channels);
        AddTap(shape, dw3, dweights, 3, channels);
    }

    private static TVector Tap(in ConvolutionShape shape, float* weights, int tap, int channels)
        => tap <= shape.Taps ? Load(weights + ((tap - 1) * shape.Width), channels) : TLane.Zero;

    private static void AddTap(in ConvolutionShape shape, TVector value, float* weights, int tap, int channels)
    {
        if (tap > shape.Taps)
            return;
        var at = weights + ((tap - 1) * shape.Width);
        Store(TLane.Add(Load(at, channels), value), at, channels);
    }
}
