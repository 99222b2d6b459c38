using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;
using static TuneGrid.Training.Kernels.Assembled.Registers;

namespace TuneGrid.Training.Kernels.Assembled;

/// <summary>
/// Writes the product of a left operand and one B panel (see <see cref="PanelCall"/>) in AVX-512-BF16: tiles of six rows by the panel's registers stay in
/// zmm0..23 while B passes through zmm28..31 and A through broadcasts. Fewer rows at the end have code of their own.
/// </summary>
internal static class PanelAssembler
{
    public const int TileRows = 6;

    /// <param name="vectors">Registers per row of C, 1 to 4; the panel may be wider.</param>
    public static Assembler Write(int vectors)
    {
        var code = new Assembler(64);
        var (next, rest, done) = (code.CreateLabel("next"), code.CreateLabel("rest"), code.CreateLabel("done"));
        code.Enter();
        code.kmovq(k1, __qword_ptr[rdi + 72]);
        code.mov(rsi, __qword_ptr[rdi]);
        code.mov(r8, __qword_ptr[rdi + 8]);
        code.mov(r9, __qword_ptr[rdi + 16]);
        code.mov(r10, __qword_ptr[rdi + 24]);
        code.mov(r11, __qword_ptr[rdi + 32]);
        code.mov(r12, __qword_ptr[rdi + 40]);
        code.mov(r13, __qword_ptr[rdi + 48]);
        code.mov(r14, __qword_ptr[rdi + 56]);
        code.mov(r15, __qword_ptr[rdi + 64]);
        code.mov(rdi, __qword_ptr[rdi + 80]);
        code.lea(rbp, __[r8 + r8 * 2]);

        code.Label(ref next);
        code.cmp(r10, TileRows);
        code.jl(rest);
        WriteTile(code, TileRows, vectors);
        code.lea(rsi, __[rsi + rbp * 2]);
        code.lea(rax, __[r14 + r14 * 2]);
        code.lea(r13, __[r13 + rax * 2]);
        code.sub(r10, TileRows);
        code.jmp(next);

        code.Label(ref rest);
        for (var rows = 1; rows < TileRows; rows++)
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

    private static void WriteTile(Assembler code, int rows, int vectors)
    {
        for (var i = 0; i < rows * vectors; i++)
            code.vpxord(Zmm[i], Zmm[i], Zmm[i]);
        code.mov(rax, rsi);
        code.lea(rbx, __[rsi + rbp]);
        code.mov(rdx, r11);
        code.mov(rcx, r12);
        var unit = code.CreateLabel();
        code.Label(ref unit);
        for (var j = 0; j < vectors; j++)
            code.vmovups(Zmm[28 + j], __zmmword_ptr[rdx + 64 * j]);
        for (var i = 0; i < rows; i++)
        {
            // Rows 0, 1, 2 hang on rax and 3, 4, 5 on rbx, so that steps times two reach them all.
            var cursor = i < 3 ? rax : rbx;
            var broadcast = Zmm[24 + i % 4];
            code.vpbroadcastd(broadcast, (i % 3) switch { 0 => __dword_ptr[cursor], 1 => __dword_ptr[cursor + r8], _ => __dword_ptr[cursor + r8 * 2] });
            for (var j = 0; j < vectors; j++)
                code.vdpbf16ps(Zmm[i * vectors + j], Zmm[28 + j], broadcast);
        }
        code.add(rax, r9);
        code.add(rbx, r9);
        code.add(rdx, rdi);
        code.dec(rcx);
        code.jnz(unit);
        WriteStores(code, rows, vectors);
    }

    private static void WriteStores(Assembler code, int rows, int vectors)
    {
        var store = code.CreateLabel();
        var last = vectors - 1;
        code.mov(rax, r13);
        code.test(r15, r15);
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
