namespace TuneGrid.Training.Kernels.Reference;

/// <summary>The oracle: plain loops in double precision, rounded to fp32 only where a result is stored.</summary>
internal sealed unsafe partial class ReferenceElementKernels : IElementKernels
{
    public void AdamW(in AdamStep step, float* weights, float* gradients, float* moment1, float* moment2, long count)
    {
        for (long i = 0; i < count; i++)
        {
            double g = (double)gradients[i] * step.GradientScale;
            double m = moment1[i] + (g - moment1[i]) * (1.0 - step.Beta1);
            double v = moment2[i] + (g * g - moment2[i]) * (1.0 - step.Beta2);
            double update = m / step.Correction1 / (Math.Sqrt(v / step.Correction2) + step.Epsilon);
            weights[i] = (float)(weights[i] - step.LearningRate * ((double)step.WeightDecay * weights[i] + update));
            moment1[i] = (float)m;
            moment2[i] = (float)v;
        }
    }

    public double NesterovMomentum(float gradientScale, float momentum, float* gradient, float* moment, float* update, long count)
    {
        double sum = 0;
        for (long i = 0; i < count; i++)
        {
            double g = (double)gradient[i] * gradientScale;
            double m = moment[i] + (g - moment[i]) * (1.0 - momentum);
            double ahead = g + (m - g) * momentum;
            (moment[i], update[i]) = ((float)m, (float)ahead);
            sum += ahead * ahead;
        }
        return sum;
    }

    public void Scale(float scale, float* x, float* y, long count)
    {
        for (long i = 0; i < count; i++)
            y[i] = scale * x[i];
    }

    public void AddScaled(float scale, float* x, float* y, long count)
    {
        for (long i = 0; i < count; i++)
            y[i] = (float)(y[i] + (double)scale * x[i]);
    }

    public void Lerp(float weight, float* x, float* y, long count)
    {
        for (long i = 0; i < count; i++)
            y[i] = (float)(y[i] + ((double)x[i] - y[i]) * weight);
    }

    public void Mix(float a, float* x, int xStride, float b, float* z, int zStride, int rows, int width, float* y, int yStride)
    {
        for (var row = 0L; row < rows; row++)
            for (var i = 0; i < width; i++)
                y[(row * yStride) + i] = (float)(((double)a * x[(row * xStride) + i]) + ((double)b * z[(row * zStride) + i]));
    }

    public (double A, double B) MixBackward(
        float a, float* x, int xStride, float b, float* z, int zStride, int rows, int width, float* dy, int dyStride, float* dz,
        int dzStride)
    {
        double da = 0, db = 0;
        for (var row = 0L; row < rows; row++)
        {
            for (var i = 0; i < width; i++)
            {
                double d = dy[(row * dyStride) + i];
                da += d * x[(row * xStride) + i];
                db += d * z[(row * zStride) + i];
                dz[(row * dzStride) + i] = (float)(dz[(row * dzStride) + i] + (b * d));
                dy[(row * dyStride) + i] = (float)(a * d);
            }
        }
        return (da, db);
    }

    public void MultiplyElements(float* x, float* z, float* y, long count, bool accumulate)
    {
        for (long i = 0; i < count; i++)
            y[i] = (float)((accumulate ? y[i] : 0.0) + (double)x[i] * z[i]);
    }

    public double SumOfSquares(float* x, long count) => Dot(x, x, count);

    public double Dot(float* x, float* y, long count)
    {
        double sum = 0;
        for (long i = 0; i < count; i++)
            sum += (double)x[i] * y[i];
        return sum;
    }
}
