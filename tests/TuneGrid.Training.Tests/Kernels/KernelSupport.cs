using TuneGrid.Training.Kernels;

namespace TuneGrid.Training.Tests.Kernels;

internal static class KernelSupport
{
    public static bool RoundsToBf16(this InstructionSet set) => set is InstructionSet.Avx512Bf16 or InstructionSet.Amx;
}
