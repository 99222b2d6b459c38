using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace TuneGrid.Training.Kernels.Assembled;

/// <summary>Writes loops of nothing but bf16 products, to find what a core can do at most. Their argument is the number of turns.</summary>
internal static class PeakAssembler
{
    public const int VectorProducts = 24, TileProducts = 4;

    public static Assembler WriteVectors()
    {
        var code = new Assembler(64);
        var turn = code.CreateLabel();
        for (var i = 0; i < Registers.Zmm.Length; i++)
            code.vpxord(Registers.Zmm[i], Registers.Zmm[i], Registers.Zmm[i]);
        code.Label(ref turn);
        for (var i = 0; i < VectorProducts; i++)
            code.vdpbf16ps(Registers.Zmm[i], zmm30, zmm31);
        code.dec(rdi);
        code.jnz(turn);
        code.vzeroupper();
        code.ret();
        return code;
    }

    /// <summary>Runs between the tiles' configuration and their release.</summary>
    public static Assembler WriteTiles()
    {
        var code = new Assembler(64);
        var turn = code.CreateLabel();
        code.tilezero(tmm4);
        code.tilezero(tmm5);
        foreach (var tile in new[] { tmm0, tmm1, tmm2, tmm3 })
            code.tilezero(tile);
        code.Label(ref turn);
        foreach (var tile in new[] { tmm0, tmm1, tmm2, tmm3 })
            code.tdpbf16ps(tile, tmm4, tmm5);
        code.dec(rdi);
        code.jnz(turn);
        code.ret();
        return code;
    }
}
