namespace TuneGrid.Cli.Live;

/// <summary>A curve of block characters, one column per slice of time.</summary>
internal static class Sparkline
{
    private const string Blocks = "▁▂▃▄▅▆▇█";

    /// <param name="values">One per column; NaN before there was anything, drawn as a space.</param>
    public static string Draw(IReadOnlyList<double> values)
    {
        var known = values.Where(double.IsFinite).DefaultIfEmpty(0).ToList();
        var (low, high) = (known.Min(), known.Max());
        return string.Concat(values.Select(v => double.IsFinite(v) ? Block(v, low, high) : ' '));
    }

    private static char Block(double value, double low, double high) =>
        high > low ? Blocks[(int)Math.Round((value - low) / (high - low) * (Blocks.Length - 1))] : Blocks[0];

    /// <summary>The value that held at each of <paramref name="columns"/> even moments up to <paramref name="end"/>.</summary>
    public static double[] Resample(IReadOnlyList<(double At, double Value)> steps, double end, int columns)
    {
        var values = new double[Math.Max(0, columns)];
        var next = 0;
        var current = double.NaN;
        for (var column = 0; column < values.Length; column++)
        {
            while (next < steps.Count && steps[next].At <= end * (column + 1) / values.Length)
                current = steps[next++].Value;
            values[column] = current;
        }
        return values;
    }
}
