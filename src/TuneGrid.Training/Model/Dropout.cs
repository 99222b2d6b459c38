namespace TuneGrid.Training.Model;

/// <summary>Inverted dropout whose mask is a hash of where it is applied, so that the backward pass and a resumed run draw the same one without storing it.</summary>
internal static unsafe class Dropout
{
    /// <summary>Zeroes a share <paramref name="rate"/> of x and scales the rest by 1 / (1 - rate).</summary>
    public static void Apply(float* x, long count, double rate, ulong key)
    {
        var keep = (float)(1 / (1 - rate));
        var threshold = (ushort)(rate * 65536);
        var random = new Gaussian(key);
        for (var i = 0L; i < count; i += 4)
        {
            var bits = random.NextBits();
            for (var j = i; j < Math.Min(i + 4, count); j++, bits >>= 16)
                x[j] = (ushort)bits < threshold ? 0 : x[j] * keep;
        }
    }
}
