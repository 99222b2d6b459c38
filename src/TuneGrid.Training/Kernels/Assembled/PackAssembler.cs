using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace TuneGrid.Training.Kernels.Assembled;

/// <summary>
/// Writes the conversions from fp32 to bf16, rounding to nearest even; NaN stays NaN. The argument is a <see cref="PackCall"/>.
/// </summary>
internal static class PackAssembler
{
    /// <summary>Rows to rows of bf16, zero-padded to a multiple of 32 columns.</summary>
    public static Assembler WriteConvertRows()
    {
        var code = new Assembler(64);
        var (row, group, tail, noTail) = (code.CreateLabel(), code.CreateLabel(), code.CreateLabel(), code.CreateLabel());
        LoadArguments(code);
        code.kmovq(k2, __qword_ptr[rdi + 56]);
        code.Label(ref row);
        code.mov(rax, rsi);
        code.mov(rdx, r11);
        code.mov(rcx, r12);
        code.test(rcx, rcx);
        code.jz(tail);
        code.Label(ref group);
        code.vmovups(zmm0, __zmmword_ptr[rax + 64]);
        code.vcvtne2ps2bf16(zmm0, zmm0, __zmmword_ptr[rax]);
        code.vmovups(__zmmword_ptr[rdx], zmm0);
        code.add(rax, 128);
        code.add(rdx, 64);
        code.dec(rcx);
        code.jnz(group);
        code.Label(ref tail);
        code.ktestw(k1, k1);
        code.jz(noTail);
        code.vmovups(zmm1.k1.z, __zmmword_ptr[rax]);
        code.vmovups(zmm0.k2.z, __zmmword_ptr[rax + 64]);
        code.vcvtne2ps2bf16(zmm0, zmm0, zmm1);
        code.vmovups(__zmmword_ptr[rdx], zmm0);
        code.Label(ref noTail);
        code.add(rsi, r8);
        code.add(r11, r9);
        code.dec(r10);
        code.jnz(row);
        code.Leave();
        return code;
    }

    /// <summary>Rows 2u and 2u + 1 to row u of pairs, zero-padded to whole registers; a single last row pairs with zeros.</summary>
    /// <param name="vectors">Registers per row, 1 to 4.</param>
    public static Assembler WriteInterleaveRows(int vectors)
    {
        var code = new Assembler(64);
        var (pair, single, done, order) = (code.CreateLabel(), code.CreateLabel(), code.CreateLabel(), code.CreateLabel());
        LoadArguments(code);
        code.vmovdqu16(zmm31, __zmmword_ptr[order]);
        code.test(r10, r10);
        code.jz(single);
        code.Label(ref pair);
        WriteUnit(code, vectors, paired: true);
        code.lea(rsi, __[rsi + r8 * 2]);
        code.add(r11, r9);
        code.dec(r10);
        code.jnz(pair);
        code.Label(ref single);
        code.test(r12, r12);
        code.jz(done);
        WriteUnit(code, vectors, paired: false);
        code.Label(ref done);
        code.Leave();
        code.Label(ref order);
        for (ushort i = 0; i < 32; i++)
            code.dw((ushort)(i / 2 + i % 2 * 16));
        return code;
    }

    private static void WriteUnit(Assembler code, int vectors, bool paired)
    {
        code.lea(rax, __[rsi + r8]);
        for (var j = 0; j < vectors; j++)
        {
            var (low, high) = (Registers.Zmm[2 * j], Registers.Zmm[2 * j + 1]);
            var last = j == vectors - 1;
            code.vmovups(last ? low.k1.z : low, __zmmword_ptr[rsi + 64 * j]);
            if (paired)
                code.vmovups(last ? high.k1.z : high, __zmmword_ptr[rax + 64 * j]);
            else
                code.vpxord(high, high, high);
            code.vcvtne2ps2bf16(low, high, low);
            code.vpermw(low, zmm31, low);
            code.vmovups(__zmmword_ptr[r11 + 64 * j], low);
        }
    }

    /// <summary>rsi source, r8 its stride, r10 rows, r11 target, r9 its stride, r12 rest, k1 columns.</summary>
    public static void LoadArguments(Assembler code)
    {
        code.Enter();
        code.mov(rsi, __qword_ptr[rdi]);
        code.mov(r8, __qword_ptr[rdi + 8]);
        code.mov(r10, __qword_ptr[rdi + 16]);
        code.mov(r11, __qword_ptr[rdi + 24]);
        code.mov(r9, __qword_ptr[rdi + 32]);
        code.mov(r12, __qword_ptr[rdi + 40]);
        code.kmovq(k1, __qword_ptr[rdi + 48]);
    }
}
