namespace TuneGrid.Training.Randomness;

/// <summary>Seeded uniform and normal random numbers, by Box-Muller.</summary>
internal struct Gaussian(ulong seed)
{
    private SplitMix64 _bits = new(seed);
    private double _spare = double.NaN;

    /// <summary>Uniform in (0, 1).</summary>
    public double NextUniform() => ((_bits.Next() >> 11) + 0.5) * (1.0 / (1UL << 53));

    /// <summary>Mean 0, standard deviation 1.</summary>
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
