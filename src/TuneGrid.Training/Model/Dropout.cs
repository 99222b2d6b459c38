namespace TuneGrid.Training.Model;

/// <summary>Inverted dropout whose mask is a hash of where it is applied, so that the backward pass and a resumed run draw the same one without storing it.</summary>
internal static unsafe class Dropout
{
    /// <summary>Seeds the masks of one group of sequences in one step.</summary>
    public static ulong Key(ulong seed, long step, int group) => Gaussian.Mix(Gaussian.Mix(seed ^ 0xD20, (ulong)step), (ulong)group);

    /// <summary>Seeds one mask: that of a block's attention (0) or MLP (1).</summary>
    public static ulong Site(ulong key, int block, int site) => Gaussian.Mix(key, ((ulong)block * 2) + (ulong)site);

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
