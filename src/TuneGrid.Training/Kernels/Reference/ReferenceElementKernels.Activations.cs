namespace TuneGrid.Training.Kernels.Reference;

internal sealed unsafe partial class ReferenceElementKernels
{
    public void Activate(Activation kind, float* x, int rows, int hidden, float* output)
    {
        if (kind == Activation.SwiGlu)
        {
            for (int row = 0; row < rows; row++, x += 2L * hidden, output += hidden)
            {
                for (int i = 0; i < hidden; i++)
                    output[i] = (float)(x[i] * Sigmoid(x[i]) * x[hidden + i]);
            }
            return;
        }
        for (long i = 0; i < (long)rows * hidden; i++)
            output[i] = (float)(kind == Activation.Gelu ? x[i] * NormalCumulative(x[i]) : Rectify(x[i]) * Rectify(x[i]));
    }

    public void ActivateBackward(Activation kind, float* x, float* doutput, int rows, int hidden, float* dx, float* output)
    {
        if (output != null)
            Activate(kind, x, rows, hidden, output);
        if (kind == Activation.SwiGlu)
        {
            for (int row = 0; row < rows; row++, x += 2L * hidden, dx += 2L * hidden, doutput += hidden)
                GatedBackward(x, doutput, hidden, dx);
            return;
        }
        for (long i = 0; i < (long)rows * hidden; i++)
        {
            double z = x[i];
            double derivative = kind == Activation.Gelu ? NormalCumulative(z) + z * NormalDensity(z) : 2 * Rectify(z);
            dx[i] = (float)(doutput[i] * derivative);
        }
    }

    private static void GatedBackward(float* x, float* doutput, int hidden, float* dx)
    {
        for (int i = 0; i < hidden; i++)
        {
            double gate = x[i], up = x[hidden + i], sigmoid = Sigmoid(gate);
            dx[i] = (float)(doutput[i] * up * sigmoid * (1 + gate * (1 - sigmoid)));
            dx[hidden + i] = (float)(doutput[i] * gate * sigmoid);
        }
    }

    public void Rotate(float* x, int stride, int rows, int heads, int headWidth, float* cos, float* sin, bool inverse)
    {
        int half = headWidth / 2;
        for (int row = 0; row < rows; row++)
        {
            for (int head = 0; head < heads; head++)
            {
                float* first = x + (long)row * stride + head * headWidth;
                float* second = first + half;
                for (int i = 0; i < half; i++)
                {
                    double c = cos[row * half + i], s = inverse ? -sin[row * half + i] : sin[row * half + i];
                    (first[i], second[i]) = ((float)(first[i] * c + second[i] * s), (float)(second[i] * c - first[i] * s));
                }
            }
        }
    }

    /// <summary>max(z, 0) that lets not-a-number through.</summary>
    private static double Rectify(double z) => z < 0 ? 0 : z;

    private static double Sigmoid(double z) => 1 / (1 + Math.Exp(-z));

    private static double NormalDensity(double z) => Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI);

    private static double NormalCumulative(double z) => (1 + Erf(z / Math.Sqrt(2))) / 2;

    /// <summary>
    /// 2/sqrt(pi) exp(-z²) sum of 2^n z^(2n+1) / (2n+1)!! (Abramowitz and Stegun 7.1.6): every term has z's sign, so nothing cancels.
    /// </summary>
    public static double Erf(double z)
    {
        if (Math.Abs(z) > 6)
            return Math.Sign(z);
        double term = z, sum = z;
        for (int n = 1; Math.Abs(term) > 1e-17 * Math.Abs(sum); n++)
        {
            term *= 2 * z * z / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-z * z) * sum;
    }
}
