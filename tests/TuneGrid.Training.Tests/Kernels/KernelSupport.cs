using TuneGrid.Training.Kernels;
using Xunit.Abstractions;

namespace TuneGrid.Training.Tests.Kernels;

internal static class KernelSupport
{
    /// <summary>The kernels of a step, or null after printing by name what is skipped and why.</summary>
    public static KernelSet? OrSkip(InstructionSet set, ITestOutputHelper output)
    {
        if (KernelLadder.Supported.Contains(set))
            return KernelLadder.For(set);
        output.WriteLine($"skipped: {KernelLadder.Name(set)}: {KernelLadder.Missing[set]}");
        return null;
    }

    public static bool RoundsToBf16(this InstructionSet set) => set is InstructionSet.Avx512Bf16 or InstructionSet.Amx;
}
