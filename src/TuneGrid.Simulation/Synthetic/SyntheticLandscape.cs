using TuneGrid.Search.Randomness;

namespace TuneGrid.Simulation.Synthetic;

/// <summary>
/// How good, fast and stable trainings are over the unit cube, drawn from a seed. A bowl with its own weight for each dimension, tilted
/// between neighbours, is what a training would come to in the end. Where it is low it is approached more slowly, and waves of their own
/// make some approach faster than others: so curves cross. Beyond a plane, trainings diverge, the sooner the further.
/// </summary>
internal sealed class SyntheticLandscape
{
    private const double Floor = 0.8, Height = 1.5;
    private const double SlowestPower = 0.35, WavePower = 0.5, BowlPower = 0.5;
    private const double WeightRatio = 0.7, MostTilt = 0.6;
    private const double DivergingShare = 0.12;
    private const int Samples = 512;
    private readonly double[] _centre;
    private readonly double[] _weight;
    private readonly double[] _tilt;
    private readonly double[] _wave;
    private readonly double[] _pace;
    private readonly double[] _normal;
    private readonly double _edge;
    private readonly double _rim;

    public SyntheticLandscape(ulong seed, int dimensions)
    {
        var draw = 0UL;
        double[] Draws(double from, double to) =>
            [.. Enumerable.Range(0, dimensions).Select(_ => from + ((to - from) * Uniform(seed, draw++)))];
        _centre = Draws(0.15, 0.85);
        // Few parameters matter much: their order is drawn, their weights fall geometrically.
        var order = Draws(0, 1).Select((key, dimension) => (key, dimension)).OrderBy(d => d.key).Select(d => d.dimension).ToArray();
        _weight = new double[dimensions];
        for (var rank = 0; rank < dimensions; rank++)
            _weight[order[rank]] = Math.Pow(WeightRatio, rank) / Enumerable.Range(0, dimensions).Sum(r => Math.Pow(WeightRatio, r));
        (_tilt, _wave, _pace, _normal) = (Draws(-MostTilt, MostTilt), Draws(-4, 4), Draws(-4, 4), Draws(-1, 1));
        var sides = Enumerable.Range(0, Samples).Select(_ => Side(Draws(0, 1))).Order().ToArray();
        (_edge, _rim) = (sides[(int)(Samples * (1 - DivergingShare))], Math.Max(1e-9, sides[^1]));
    }

    /// <summary>Returns a number uniform in [0, 1).</summary>
    public static double Uniform(ulong seed, ulong index) => (SplitMix64.At(seed, index) >> 11) * (1.0 / (1UL << 53));

    /// <summary>Returns the score without noise.</summary>
    /// <param name="unit">The configuration's point in the unit cube.</param>
    /// <param name="share">Of the budget that is spent, above 0.</param>
    /// <param name="points">What the curve's steep part is measured in: points of a whole training.</param>
    public double Score(double[] unit, double share, int points)
    {
        var bowl = Bowl(unit);
        var power = SlowestPower + (WavePower * Wave(unit, _wave)) + (BowlPower * Math.Min(1, bowl));
        return Floor + bowl + (Height * Math.Pow(share * points, -power));
    }

    /// <summary>Returns how long a training takes, as a multiple of the usual time: 0.5 to 2.</summary>
    public double Pace(double[] unit) => 0.5 + (1.5 * Wave(unit, _pace));

    /// <summary>Returns the share of the budget after which the training diverges; above 1 for never.</summary>
    public double DivergesAt(double[] unit)
    {
        var side = Side(unit);
        return side < _edge ? 2 : Math.Clamp(1 - ((side - _edge) / Math.Max(1e-9, _rim - _edge)), 0.02, 1);
    }

    private double Bowl(double[] unit)
    {
        var sum = 0.0;
        for (var i = 0; i < unit.Length; i++)
        {
            var next = (i + 1) % unit.Length;
            var (own, other) = (unit[i] - _centre[i], unit[next] - _centre[next]);
            sum += (_weight[i] * own * own) + (_tilt[i] * Math.Sqrt(_weight[i] * _weight[next]) * own * other);
        }
        return 2 * Math.Max(0, sum);
    }

    private double Side(double[] unit) => unit.Zip(_normal, (u, n) => u * n).Sum();

    private static double Wave(double[] unit, double[] frequencies) =>
        0.5 + (0.5 * Math.Sin(unit.Zip(frequencies, (u, f) => u * f).Sum()));
}
