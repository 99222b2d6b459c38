namespace TuneGrid.Training.Kernels.Simd;

/// <summary>
/// One width of SIMD register as static operations, so that a kernel is written once and the JIT makes a specialised copy per width.
/// The vector itself is the type parameter <typeparamref name="TVector"/> rather than a wrapper struct: wrappers cost register copies in
/// large tiles.
/// </summary>
internal unsafe interface ILane<TVector> where TVector : unmanaged
{
    /// <summary>Floats per register.</summary>
    static abstract int Count { get; }

    static abstract TVector Zero { get; }

    static abstract TVector Create(float value);

    static abstract TVector Load(float* source);

    static abstract void Store(TVector value, float* target);

    /// <summary>The first <paramref name="count"/> floats (1 to Count); the others are zero.</summary>
    static abstract TVector LoadPart(float* source, int count);

    /// <summary>Stores the first <paramref name="count"/> floats (1 to Count) only.</summary>
    static abstract void StorePart(TVector value, float* target, int count);

    static abstract TVector Add(TVector x, TVector y);

    static abstract TVector Subtract(TVector x, TVector y);

    static abstract TVector Multiply(TVector x, TVector y);

    static abstract TVector Divide(TVector x, TVector y);

    /// <summary>x * y + z, fused where the machine can.</summary>
    static abstract TVector MultiplyAdd(TVector x, TVector y, TVector z);

    /// <summary>The larger; where either is NaN, on x86 <paramref name="y"/>.</summary>
    static abstract TVector Max(TVector x, TVector y);

    /// <summary>The smaller; where either is NaN, on x86 <paramref name="y"/>.</summary>
    static abstract TVector Min(TVector x, TVector y);

    static abstract TVector Sqrt(TVector x);

    static abstract TVector Abs(TVector x);

    /// <summary><paramref name="whenTrue"/> where x &lt; y, else <paramref name="whenFalse"/>.</summary>
    static abstract TVector IfLess(TVector x, TVector y, TVector whenTrue, TVector whenFalse);

    /// <summary>
    /// The first <paramref name="count"/> lanes (0 to Count) of <paramref name="first"/>, the others of <paramref name="rest"/>.
    /// </summary>
    static abstract TVector Join(TVector first, int count, TVector rest);

    /// <summary>Natural logarithm.</summary>
    static abstract TVector Log(TVector x);

    /// <summary>The sign of <paramref name="sign"/> on the magnitude of <paramref name="magnitude"/>.</summary>
    static abstract TVector CopySign(TVector magnitude, TVector sign);

    /// <summary>
    /// 2^n for n = shifted - 1.5 * 2^23, n in -127..127 (-127 gives 0): the low bits of a float shifted by that constant hold the integer.
    /// </summary>
    static abstract TVector PowerOfTwo(TVector shifted);

    /// <summary>To the nearest whole number, ties to even.</summary>
    static abstract TVector Round(TVector x);

    /// <summary>x * 2^n for whole n; what would be too small for a normal number may become 0.</summary>
    static abstract TVector ScaleByPowerOfTwo(TVector x, TVector n);

    /// <summary>Sum over the register, always in the same order.</summary>
    static abstract float Sum(TVector x);

    static abstract float MaxAcross(TVector x);
}
