namespace TuneGrid.Training.Kernels.Reference;

internal sealed unsafe partial class ReferenceElementKernels
{
    public void Convolve(in ConvolutionShape shape, float* weights, float* x, float* y)
    {
        for (int row = 0, begin = 0; row < shape.Rows; row++)
        {
            begin = shape.BeginsAt(row) ? row : begin;
            for (var i = 0; i < shape.Width; i++)
            {
                double sum = x[((long)row * shape.Width) + i];
                for (var j = 1; j <= Math.Min(shape.Taps, row - begin); j++)
                    sum += (double)weights[((j - 1) * shape.Width) + i] * x[((row - j) * (long)shape.Width) + i];
                y[((long)row * shape.Width) + i] = (float)sum;
            }
        }
    }

    public void ConvolveBackward(in ConvolutionShape shape, float* weights, float* x, float* dy, float* dweights)
    {
        for (var i = 0; i < shape.Width; i++)
        {
            var dtaps = stackalloc double[IElementKernels.MostTaps];
            new Span<double>(dtaps, IElementKernels.MostTaps).Clear();
            for (var row = 0; row < shape.Rows; row++)
            {
                // Rows further down still hold what came in.
                var at = dy + ((long)row * shape.Width) + i;
                double sum = *at;
                for (var j = 1; j <= shape.Taps && row + j < shape.Rows && !shape.BeginsAt(row + j); j++)
                {
                    double d = at[(long)j * shape.Width];
                    sum += weights[((j - 1) * shape.Width) + i] * d;
                    dtaps[j - 1] += d * x[((long)row * shape.Width) + i];
                }
                *at = (float)sum;
            }
            for (var j = 0; j < shape.Taps; j++)
                dweights[(j * shape.Width) + i] = (float)(dweights[(j * shape.Width) + i] + dtaps[j]);
        }
    }
}
