using System.Runtime.Intrinsics;
using TuneGrid.Training.Kernels.Assembled;
using TuneGrid.Training.Kernels.Simd;

namespace TuneGrid.Training.Kernels.Measurement;

/// <summary>Measures the fastest a core multiplies with the instructions of one level of the ladder.</summary>
public static unsafe class PeakBench
{
    private const int Turns = 20_000;

    /// <summary>Null for the reference, which has no instruction of its own.</summary>
    /// <exception cref="UnsupportedInstructionSetException">This machine has no such level.</exception>
    public static KernelPeak? Measure(InstructionSet set)
    {
        _ = KernelLadder.For(set);
        return set switch
        {
            InstructionSet.Vector128 => Fma<Lane128, Vector128<float>>("fma, 128 bits"),
            InstructionSet.Avx2 => Fma<Lane256, Vector256<float>>("fma, 256 bits"),
            InstructionSet.Avx512 => Fma<Lane512, Vector512<float>>("fma, 512 bits"),
            InstructionSet.Avx512Bf16 =>
                Assembled("vdpbf16ps", ExecutableCode.Load(PeakAssembler.WriteVectors())[0], PeakAssembler.VectorProducts * 16 * 2),
            InstructionSet.Amx => Tiles(),
            _ => null,
        };
    }

    private static KernelPeak Fma<TLane, TVector>(string name)
        where TLane : struct, ILane<TVector>
        where TVector : unmanaged
    {
        var seconds = BestTime.Of(() => GC.KeepAlive(FmaLoop<TLane, TVector>.Run(Turns)));
        return new(name, 2.0 * Turns * FmaLoop<TLane, TVector>.Sums * TLane.Count / seconds / 1e9);
    }

    private static KernelPeak Tiles()
    {
        var kernel = new AmxPanelKernel();
        kernel.Begin();
        var peak = Assembled("tdpbf16ps", ExecutableCode.Load(PeakAssembler.WriteTiles())[0], PeakAssembler.TileProducts * 16 * 16 * 32);
        kernel.End();
        return peak;
    }

    private static KernelPeak Assembled(string name, nint code, int productsPerTurn)
    {
        var seconds = BestTime.Of(() => ((delegate* unmanaged<nint, void>)code)(Turns));
        return new(name, 2.0 * Turns * productsPerTurn / seconds / 1e9);
    }
}
