using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TuneGrid.Training.Kernels;

/// <summary>What this machine's processor and runtime offer to the kernels.</summary>
internal static class Processor
{
    /// <summary>
    /// Null if the processor can run this level, else the reason in a user's words. Says nothing about the operating system's consent.
    /// </summary>
    public static string? WhyMissing(InstructionSet set) => set switch
    {
        InstructionSet.Reference => null,
        InstructionSet.Vector128 => Vector128.IsHardwareAccelerated ? null : "this processor has no SIMD that .NET can use",
        InstructionSet.Avx2 => Avx2.IsSupported && Fma.IsSupported ? null : "this processor has no AVX2 with FMA",
        InstructionSet.Avx512 =>
            Avx512BW.IsSupported && Avx512DQ.IsSupported && Vector512.IsHardwareAccelerated
                ? null
                : "this processor has no AVX-512 that .NET uses",
        InstructionSet.Avx512Bf16 => WhyMissing(InstructionSet.Avx512) ?? (HasAvx512Bf16() ? null : "this processor has no AVX-512-BF16"),
        InstructionSet.Amx => WhyMissing(InstructionSet.Avx512Bf16) ?? (HasAmxBf16() ? null : "this processor has no AMX with bf16 tiles"),
        _ => throw new ArgumentOutOfRangeException(nameof(set)),
    };

    private static bool HasAvx512Bf16()
    {
        if (!IsX64 || MaxLeaf < 7 || X86Base.CpuId(7, 0).Eax < 1)
            return false;
        return (X86Base.CpuId(7, 1).Eax & (1 << 5)) != 0;
    }

    /// <summary>AMX-TILE and AMX-BF16; whether the operating system saves the tile state is asked when the level is built.</summary>
    private static bool HasAmxBf16()
    {
        const int bf16 = 1 << 22, tile = 1 << 24;
        return IsX64 && MaxLeaf >= 7 && (X86Base.CpuId(7, 0).Edx & (bf16 | tile)) == (bf16 | tile);
    }

    private static bool IsX64 => RuntimeInformation.ProcessArchitecture == Architecture.X64 && X86Base.IsSupported;

    private static int MaxLeaf => X86Base.CpuId(0, 0).Eax;
}
