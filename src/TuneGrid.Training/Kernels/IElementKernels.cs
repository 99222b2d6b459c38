namespace TuneGrid.Training.Kernels;

/// <summary>
/// One AdamW step's numbers (arXiv:1711.05101): g = gradient * GradientScale, m += (g - m)(1 - Beta1), v += (g² - v)(1 - Beta2),
/// w -= LearningRate * (WeightDecay * w + (m / Correction1) / (sqrt(v / Correction2) + Epsilon)), where Correction is 1 - Beta^t at step t
/// = 1, 2 ...
/// </summary>
internal readonly record struct AdamStep(
    float LearningRate, float Beta1, float Beta2, float Epsilon, float WeightDecay, float Correction1, float Correction2,
    float GradientScale);

/// <summary>
/// Everything around the products: norms, activations, rotary embedding, loss, optimizer arithmetic. Single-threaded, fp32, row-major with
/// row strides in elements; reductions run in a fixed order, so the same input gives the same bits. Any count down to 0, pointers need only
/// natural alignment. An output may be the very input it is computed from element by element (y = x, dx = dy, dx = x), but may not overlap
/// it otherwise. Not-a-number in a row's input comes out in that row's output: a diverged run is seen, not hidden.
/// </summary>
internal unsafe interface IElementKernels
{
    /// <summary>Added to the mean square or variance under the root; PyTorch's and llama's value.</summary>
    const float NormEpsilon = 1e-5f;

    /// <summary>
    /// y = x / rms(x) * gain per row of <paramref name="width"/>; gain may be null. Writes 1/rms to <paramref name="rstd"/> [rows] unless
    /// null.
    /// </summary>
    void RmsNorm(float* x, int xStride, float* gain, int rows, int width, float* y, int yStride, float* rstd);

    /// <summary>
    /// dx += (or = if not accumulate) the gradient; dgain [width] += unless null. <paramref name="x"/> is the forward input.
    /// </summary>
    void RmsNormBackward(
        float* dy, int dyStride, float* x, int xStride, float* gain, float* rstd, int rows, int width, float* dx, int dxStride,
        bool accumulate, float* dgain);

    /// <summary>y = (x - mean) / std * gain + bias per row; gain and bias may be null. Writes mean and 1/std [rows] unless null.</summary>
    void LayerNorm(float* x, int xStride, float* gain, float* bias, int rows, int width, float* y, int yStride, float* mean, float* rstd);

    void LayerNormBackward(
        float* dy, int dyStride, float* x, int xStride, float* gain, float* mean, float* rstd, int rows, int width,
        float* dx, int dxStride, bool accumulate, float* dgain, float* dbias);

    /// <summary>
    /// output [rows, hidden] from x [rows, hidden], or from [rows, 2*hidden] (gate, up) for SwiGLU. Exact (erf) or tanh GELU: erf, as
    /// PyTorch's default.
    /// </summary>
    void Activate(Activation kind, float* x, int rows, int hidden, float* output);

    /// <summary>
    /// dx from x and d(output); dx may be x itself. Unless <paramref name="output"/> [rows, hidden] is null, it gets the activation again,
    /// at half its price.
    /// </summary>
    void ActivateBackward(Activation kind, float* x, float* doutput, int rows, int hidden, float* dx, float* output);

    /// <summary>
    /// Rotates, in place, each head's two halves (x1, x2) by the row's angles: (x1 c + x2 s, x2 c - x1 s); the inverse negates s. cos and
    /// sin are [rows, headWidth/2].
    /// </summary>
    void Rotate(float* x, int stride, int rows, int heads, int headWidth, float* cos, float* sin, bool inverse);

    /// <summary>
    /// Per row: the cross-entropy of softmax(cap(logits)) against the target, in nats; cap(z) = softCap * tanh(z / softCap), no cap if
    /// softCap is 0. Overwrites the logits with their gradient times <paramref name="scale"/> unless scale is 0 (their content is then
    /// unspecified). A negative target leaves its row out: no loss, zero gradient. Returns the summed nats; losses [rows] unless null.
    /// </summary>
    double CrossEntropy(float* logits, int stride, int rows, int vocabulary, int* targets, float softCap, float scale, float* losses);

    void AdamW(in AdamStep step, float* weights, float* gradients, float* moment1, float* moment2, long count);

    /// <summary>
    /// Muon's momentum: with g = <paramref name="gradientScale"/> * gradient, moment += (g - moment)(1 - momentum), and update = g +
    /// (moment - g) * momentum, a look ahead along the moment (Nesterov). Returns the update's sum of squares.
    /// </summary>
    double NesterovMomentum(float gradientScale, float momentum, float* gradient, float* moment, float* update, long count);

    /// <summary>y = scale * x.</summary>
    void Scale(float scale, float* x, float* y, long count);

    /// <summary>y += scale * x.</summary>
    void AddScaled(float scale, float* x, float* y, long count);

    /// <summary>y += (x - y) * weight.</summary>
    void Lerp(float weight, float* x, float* y, long count);

    /// <summary>y = a x + b z over [rows, width].</summary>
    void Mix(float a, float* x, int xStride, float b, float* z, int zStride, int rows, int width, float* y, int yStride);

    /// <summary>
    /// The gradients of <see cref="Mix"/>: dz += b dy and, in place, dy becomes dx = a dy. Returns those of a and b: the sums of dy x and
    /// of dy z, of the dy that came in.
    /// </summary>
    (double A, double B) MixBackward(
        float a, float* x, int xStride, float b, float* z, int zStride, int rows, int width, float* dy, int dyStride, float* dz,
        int dzStride);

    /// <summary>The most rows that <see cref="Convolve"/> looks back.</summary>
    const int MostTaps = 3;

    /// <summary>
    /// y[t] = x[t] + the sum over j = 1 .. taps of weights[j - 1] * x[t - j], channel by channel, of those rows t - j that row t may see.
    /// </summary>
    /// <param name="weights">[taps, width].</param>
    void Convolve(in ConvolutionShape shape, float* weights, float* x, float* y);

    /// <summary>
    /// The gradients of <see cref="Convolve"/>: dy becomes dx in place, and dweights [taps, width] += that of the weights.
    /// </summary>
    void ConvolveBackward(in ConvolutionShape shape, float* weights, float* x, float* dy, float* dweights);

    /// <summary>y = x * z elementwise, or y += if accumulate.</summary>
    void MultiplyElements(float* x, float* z, float* y, long count, bool accumulate);

    double SumOfSquares(float* x, long count);

    double Dot(float* x, float* y, long count);
}
