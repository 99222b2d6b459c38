namespace TuneGrid.Training.Randomness;

/// <summary>Seeded random numbers of our own, the same on every machine: SplitMix64 (Steele et al. 2014) and Box-Muller.</summary>
internal struct Gaussian(ulong seed)
{
    private ulong _state = seed;
    private double _spare = double.NaN;

    /// <summary>A well-mixed 64-bit hash of two numbers, for seeds that must not correlate.</summary>
    public static ulong Mix(ulong a, ulong b)
    {
        var z = a + (0x9E3779B97F4A7C15 * (b + 1));
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    public ulong NextBits()
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>Uniform in (0, 1).</summary>
    public double NextUniform() => ((NextBits() >> 11) + 0.5) * (1.0 / (1UL << 53));

    public double NextNormal()
    {
        if (!double.IsNaN(_spare))
        {
            var spare = _spare;
            _spare = double.NaN;
            return spare;
        }
        var radius = Math.Sqrt(-2 * Math.Log(NextUniform()));
        var (sin, cos) = Math.SinCos(2 * Math.PI * NextUniform());
        _spare = radius * sin;
        return radius * cos;
    }
}
