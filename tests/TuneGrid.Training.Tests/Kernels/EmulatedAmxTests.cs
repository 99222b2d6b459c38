using System.Runtime.Intrinsics;
using TuneGrid.Training.Kernels;
using TuneGrid.Training.Kernels.Assembled;
using TuneGrid.Training.Kernels.Blocked;
using TuneGrid.Training.Kernels.Reference;
using TuneGrid.Training.Kernels.Simd;

namespace TuneGrid.Training.Tests.Kernels;

/// <summary>
/// The AMX level's blocking, packing and assembled tile code on an emulated tile unit; packing itself needs AVX-512-BF16.
/// </summary>
[RunsOn(InstructionSet.Avx512Bf16)]
public sealed class EmulatedAmxMatrixKernelsTests() : MatrixKernelsContract(InstructionSet.Amx, EmulatedAmxPanelKernel.Kernels())
{
    [KernelFact]
    public void TheTileConfigurationIsPaletteOneWithEightFullTiles()
    {
        var bytes = AmxAssembler.Configuration();
        Assert.Equal(64, bytes.Length);
        Assert.Equal([1, 0], bytes[..2]);
        Assert.All(Enumerable.Range(0, 8), i => Assert.Equal((64, 16), (BitConverter.ToUInt16(bytes, 16 + 2 * i), bytes[48 + i])));
        Assert.All(
            Enumerable.Range(2, 14).Concat(Enumerable.Range(32, 16)).Concat(Enumerable.Range(56, 8)), i => Assert.Equal(0, bytes[i]));
    }
}

[RunsOn(InstructionSet.Avx512Bf16)]
public sealed class EmulatedAmxAttentionKernelsTests() : AttentionKernelsContract(InstructionSet.Amx, EmulatedAmxPanelKernel.Kernels());

internal sealed unsafe class EmulatedAmxPanelKernel : AmxPanelKernel
{
    public static KernelSet Kernels()
    {
        var matrix = new BlockedMatrixKernels(new EmulatedAmxPanelKernel());
        return new(
            InstructionSet.Amx, matrix, new BlockedAttentionKernels<Lane512, Vector512<float>>(matrix), new ReferenceElementKernels());
    }

    private readonly TileEmulator[] _panels = [new(AmxAssembler.WritePanel(1)), new(AmxAssembler.WritePanel(2))];

    public override void Begin()
    {
    }

    public override void End()
    {
    }

    protected override void RequestTiles()
    {
    }

    protected override void RunPanel(int columnTiles, PanelCall* call) => _panels[columnTiles - 1].Run(call);
}
