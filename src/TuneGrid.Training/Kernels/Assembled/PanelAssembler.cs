using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;
using static TuneGrid.Training.Kernels.Assembled.Registers;

namespace TuneGrid.Training.Kernels.Assembled;

/// <summary>
/// Writes the product of a left operand and one B panel (see <see cref="PanelCall"/>) in AVX-512-BF16: a tile of up to 24 registers of C
/// stays in zmm0..23 while B passes through zmm28..31 and A through broadcasts. Fewer rows at the end have code of their own.
/// </summary>
internal static class PanelAssembler
{
    /// <summary>Rows of a tile four registers wide; narrower ones are taller.</summary>
    public const int TileRows = 6;
    private const int TallestTile = 12;

    /// <param name="vectors">Registers per row of C, 1 to 4; the panel may be wider.</param>
    public static Assembler Write(int vectors)
    {
        var tileRows = Math.Min(4 * TileRows / vectors, TallestTile);
        var code = new Assembler(64);
        var (next, rest, done) = (code.CreateLabel("next"), code.CreateLabel("rest"), code.CreateLabel("done"));
        LoadArguments(code);
        code.Label(ref next);
        code.cmp(r10, tileRows);
        code.jl(rest);
        WriteTile(code, tileRows, vectors);
        // WriteStores left rax behind the tile's last row of C.
        code.mov(r13, rax);
        code.mov(rax, r8);
        code.imul(rax, rax, tileRows);
        code.add(rsi, rax);
        code.sub(r10, tileRows);
        code.jmp(next);

        code.Label(ref rest);
        for (var rows = 1; rows < tileRows; rows++)
        {
            var other = code.CreateLabel();
            code.cmp(r10, rows);
            code.jne(other);
            WriteTile(code, rows, vectors);
            code.jmp(done);
            code.Label(ref other);
        }
        code.nop();
        code.Label(ref done);
        code.Leave();
        return code;
    }

    /// <summary>
    /// rsi A, r8, rbp, r15 one, three and five row strides, r9 unit stride, r10 rows, r11 panel, rdi its stride, r12 units, r13 C, r14 its
    /// stride.
    /// </summary>
    private static void LoadArguments(Assembler code)
    {
        code.Enter();
        code.mov(rsi, __qword_ptr[rdi]);
        code.mov(r8, __qword_ptr[rdi + 8]);
        code.mov(r9, __qword_ptr[rdi + 16]);
        code.mov(r10, __qword_ptr[rdi + 24]);
        code.mov(r11, __qword_ptr[rdi + 32]);
        code.mov(r12, __qword_ptr[rdi + 40]);
        code.mov(r13, __qword_ptr[rdi + 48]);
        code.mov(r14, __qword_ptr[rdi + 56]);
        code.kmovq(k2, __qword_ptr[rdi + 64]);
        code.kmovq(k1, __qword_ptr[rdi + 72]);
        code.mov(rdi, __qword_ptr[rdi + 80]);
        code.lea(rbp, __[r8 + r8 * 2]);
        code.lea(r15, __[r8 + r8 * 4]);
    }

    /// <summary>One unit of row i of the tile at rax; rbx is seven rows further.</summary>
    private static AssemblerMemoryOperand LeftUnit(int row) => row switch
    {
        0 => __dword_ptr[rax],
        1 => __dword_ptr[rax + r8],
        2 => __dword_ptr[rax + r8 * 2],
        3 => __dword_ptr[rax + rbp],
        4 => __dword_ptr[rax + r8 * 4],
        5 => __dword_ptr[rax + r15],
        6 => __dword_ptr[rax + rbp * 2],
        7 => __dword_ptr[rbx],
        8 => __dword_ptr[rax + r8 * 8],
        9 => __dword_ptr[rbx + r8 * 2],
        10 => __dword_ptr[rax + r15 * 2],
        _ => __dword_ptr[rbx + r8 * 4],
    };

    private static void WriteTile(Assembler code, int rows, int vectors)
    {
        for (var i = 0; i < rows * vectors; i++)
            code.vpxord(Zmm[i], Zmm[i], Zmm[i]);
        code.mov(rax, rsi);
        if (rows > 7)
        {
            code.lea(rbx, __[rsi + rbp * 2]);
            code.add(rbx, r8);
        }
        WritePrefetches(code, rows, vectors);
        code.mov(rdx, r11);
        code.mov(rcx, r12);
        var unit = code.CreateLabel();
        code.Label(ref unit);
        for (var j = 0; j < vectors; j++)
            code.vmovups(Zmm[28 + j], __zmmword_ptr[rdx + 64 * j]);
        for (var i = 0; i < rows; i++)
        {
            var broadcast = Zmm[24 + i % 4];
            code.vpbroadcastd(broadcast, LeftUnit(i));
            for (var j = 0; j < vectors; j++)
                code.vdpbf16ps(Zmm[i * vectors + j], Zmm[28 + j], broadcast);
        }
        code.add(rax, r9);
        if (rows > 7)
            code.add(rbx, r9);
        code.add(rdx, rdi);
        code.dec(rcx);
        code.jnz(unit);
        WriteStores(code, rows, vectors);
    }

    /// <summary>Calls the tile's part of C while the products run, so that neither the sums nor the stores wait for it.</summary>
    private static void WritePrefetches(Assembler code, int rows, int vectors)
    {
        code.mov(rdx, r13);
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < vectors; j++)
                code.prefetchw(__byte_ptr[rdx + 64 * j]);
            code.add(rdx, r14);
        }
    }

    private static void WriteStores(Assembler code, int rows, int vectors)
    {
        var store = code.CreateLabel();
        var last = vectors - 1;
        code.mov(rax, r13);
        code.kortestq(k2, k2);
        code.jz(store);
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < last; j++)
                code.vaddps(Zmm[i * vectors + j], Zmm[i * vectors + j], __zmmword_ptr[rax + 64 * j]);
            code.vaddps(Zmm[i * vectors + last].k1, Zmm[i * vectors + last], __zmmword_ptr[rax + 64 * last]);
            code.add(rax, r14);
        }
        code.mov(rax, r13);
        code.Label(ref store);
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < last; j++)
                code.vmovups(__zmmword_ptr[rax + 64 * j], Zmm[i * vectors + j]);
            code.vmovups(__zmmword_ptr[rax + 64 * last].k1, Zmm[i * vectors + last]);
            code.add(rax, r14);
        }
    }
}
