using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using TuneGrid.Coordination;

namespace TuneGrid.Silo.Hardware;

/// <summary>Names hardware classes: <c>amd-epyc/2of2/avx512bf16/32g</c>.</summary>
public static partial class HardwareClasses
{
    /// <param name="engine">What computes: the step of our kernels, or the backend with its device and precision.</param>
    public static HardwareClass Of(Machine machine, int threads, string engine) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"{Slug(machine.CpuModel)}/{threads}of{machine.Cores}/{engine}/{SizeClassGiB(machine.MemoryBytes)}g"));

    /// <summary>
    /// The next power of two: a machine sold with 32 GiB shows a little less, and keeps its class after a firmware update.
    /// </summary>
    public static long SizeClassGiB(long bytes) =>
        (long)BitOperations.RoundUpToPowerOf2((ulong)Math.Max(1, (bytes + (1L << 30) - 1) >> 30));

    /// <summary>
    /// "Intel(R) Xeon(R) Processor @ 2.70GHz" is intel-xeon: the words that tell models apart, without marks, clock and core count.
    /// </summary>
    internal static string Slug(string model)
    {
        var words = NotAWord().Replace(Noise().Replace(model.ToLowerInvariant(), " "), "-").Trim('-');
        return words.Length == 0 ? "unknown" : words;
    }

    // No timeout: these can't backtrack for long, and a wall clock also counts what a stopped or suspended machine did not run.
    [GeneratedRegex(
        @"\((r|tm|c)\)|@.*$|\bwith radeon.*$|\b\d+-core\b|\bcpu\b|\bprocessor\b",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        Timeout.Infinite)]
    private static partial Regex Noise();

    [GeneratedRegex(@"[^a-z0-9]+", RegexOptions.CultureInvariant, Timeout.Infinite)]
    private static partial Regex NotAWord();
}
