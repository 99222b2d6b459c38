using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace TuneGrid.Training.Kernels.Assembled;

/// <summary>
/// Writes the product of a left operand and one B panel (see <see cref="PanelCall"/>) in AMX tiles: 32 rows by 32 columns of C in tmm0..3,
/// two tiles of A in tmm4 and 5, two of B in tmm6 and 7. Rows come in multiples of 32, units in multiples of 16; the edges are the
/// caller's.
/// </summary>
internal static class AmxAssembler
{
    /// <summary>Rows of C at a time: two tiles.</summary>
    public const int TileRows = 32;

    /// <summary>Units contracted by one tile product.</summary>
    public const int TileUnits = 16;

    /// <summary>Palette 1 with all eight tiles of 16 rows by 64 bytes (Intel SDM, LDTILECFG).</summary>
    public static byte[] Configuration()
    {
        var bytes = new byte[64];
        bytes[0] = 1;
        for (var tile = 0; tile < 8; tile++)
        {
            bytes[16 + 2 * tile] = 64;
            bytes[48 + tile] = 16;
        }
        return bytes;
    }

    public static Assembler WriteConfigure()
    {
        var code = new Assembler(64);
        code.ldtilecfg(__[rdi]);
        code.ret();
        return code;
    }

    public static Assembler WriteRelease()
    {
        var code = new Assembler(64);
        code.tilerelease();
        code.ret();
        return code;
    }

    /// <param name="columnTiles">Tiles of 16 columns in the panel: 1 or 2.</param>
    public static Assembler WritePanel(int columnTiles)
    {
        var code = new Assembler(64);
        var (next, zero, product, unit) = (code.CreateLabel(), code.CreateLabel(), code.CreateLabel(), code.CreateLabel());
        LoadArguments(code);
        code.Label(ref next);
        code.mov(rax, r14);
        code.shl(rax, 4);
        code.lea(rbx, __[r13 + rax]);
        code.test(r15, r15);
        code.jz(zero);
        ForEachTile(columnTiles, (tile, place) => code.tileloadd(tile, place));
        code.jmp(product);
        code.Label(ref zero);
        ForEachTile(columnTiles, (tile, _) => code.tilezero(tile));

        code.Label(ref product);
        code.mov(rax, rsi);
        code.mov(r9, r8);
        code.shl(r9, 4);
        code.add(r9, rsi);
        code.mov(rdx, r11);
        code.mov(rcx, r12);
        code.Label(ref unit);
        code.tileloadd(tmm4, __[rax + r8]);
        code.tileloadd(tmm6, __[rdx + rdi]);
        code.tdpbf16ps(tmm0, tmm4, tmm6);
        code.tileloadd(tmm5, __[r9 + r8]);
        code.tdpbf16ps(tmm2, tmm5, tmm6);
        if (columnTiles == 2)
        {
            code.tileloadd(tmm7, __[rdx + rdi + 64]);
            code.tdpbf16ps(tmm1, tmm4, tmm7);
            code.tdpbf16ps(tmm3, tmm5, tmm7);
        }
        code.add(rax, 64);
        code.add(r9, 64);
        code.add(rdx, rbp);
        code.dec(rcx);
        code.jnz(unit);

        ForEachTile(columnTiles, (tile, place) => code.tilestored(place, tile));
        code.mov(rax, r8);
        code.shl(rax, 5);
        code.add(rsi, rax);
        code.mov(rax, r14);
        code.shl(rax, 5);
        code.add(r13, rax);
        code.sub(r10, TileRows);
        code.jnz(next);
        code.Leave();
        return code;
    }

    /// <summary>The tiles of C: the upper 16 rows at r13, the lower at rbx, 64 bytes to the next column tile.</summary>
    private static void ForEachTile(int columnTiles, Action<AssemblerRegisterTMM, AssemblerMemoryOperand> act)
    {
        act(tmm0, __[r13 + r14]);
        act(tmm2, __[rbx + r14]);
        if (columnTiles == 1)
            return;
        act(tmm1, __[r13 + r14 + 64]);
        act(tmm3, __[rbx + r14 + 64]);
    }

    private static void LoadArguments(Assembler code)
    {
        code.Enter();
        code.mov(rsi, __qword_ptr[rdi]);
        code.mov(r8, __qword_ptr[rdi + 8]);
        code.mov(r10, __qword_ptr[rdi + 24]);
        code.mov(r11, __qword_ptr[rdi + 32]);
        code.mov(r12, __qword_ptr[rdi + 40]);
        code.shr(r12, 4);
        code.mov(r13, __qword_ptr[rdi + 48]);
        code.mov(r14, __qword_ptr[rdi + 56]);
        code.mov(r15, __qword_ptr[rdi + 64]);
        code.mov(rdi, __qword_ptr[rdi + 80]);
        code.mov(rbp, rdi);
        code.shl(rbp, 4);
    }
}
