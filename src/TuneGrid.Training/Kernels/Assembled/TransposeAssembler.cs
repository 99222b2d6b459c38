using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;
using static TuneGrid.Training.Kernels.Assembled.Registers;

namespace TuneGrid.Training.Kernels.Assembled;

/// <summary>
/// Writes the conversion of 16 rows of fp32 to 16 columns of bf16 pairs, transposed in registers. The argument is a <see cref="PackCall"/>:
/// Rows counts whole groups of 32 inner elements, Rest the pairs behind them, which Columns and MoreColumns mask.
/// </summary>
internal static class TransposeAssembler
{
    private const int Size = 16;

    public static Assembler Write()
    {
        var code = new Assembler(64);
        var (group, tail, done) = (code.CreateLabel(), code.CreateLabel(), code.CreateLabel());
        PackAssembler.LoadArguments(code);
        code.kmovq(k2, __qword_ptr[rdi + 56]);
        code.test(r10, r10);
        code.jz(tail);
        code.Label(ref group);
        WriteConversion(code, masked: false);
        WriteTransposition(code);
        for (var i = 0; i < Size; i++)
        {
            code.vmovups(__zmmword_ptr[r11], Zmm[i]);
            code.add(r11, r9);
        }
        code.add(rsi, 128);
        code.dec(r10);
        code.jnz(group);

        code.Label(ref tail);
        code.test(r12, r12);
        code.jz(done);
        WriteConversion(code, masked: true);
        WriteTransposition(code);
        for (var i = 0; i < Size; i++)
        {
            code.vmovups(__zmmword_ptr[r11], Zmm[i]);
            code.add(r11, r9);
            code.dec(r12);
            code.jz(done);
        }
        code.Label(ref done);
        code.Leave();
        return code;
    }

    /// <summary>Row i's 32 numbers to 16 pairs in zmm i.</summary>
    private static void WriteConversion(Assembler code, bool masked)
    {
        code.mov(rax, rsi);
        for (var i = 0; i < Size; i++)
        {
            if (masked)
            {
                code.vmovups(zmm30.k1.z, __zmmword_ptr[rax]);
                code.vmovups(zmm31.k2.z, __zmmword_ptr[rax + 64]);
                code.vcvtne2ps2bf16(Zmm[i], zmm31, zmm30);
            }
            else
            {
                code.vmovups(zmm31, __zmmword_ptr[rax + 64]);
                code.vcvtne2ps2bf16(Zmm[i], zmm31, __zmmword_ptr[rax]);
            }
            code.add(rax, r8);
        }
    }

    /// <summary>zmm0..15, 16 x 16 units, in four rounds through zmm16..31: neighbours, pairs, then lanes of four.</summary>
    private static void WriteTransposition(Assembler code)
    {
        const byte evenLanes = 0x88, oddLanes = 0xdd;
        var (x, y) = (Zmm[..Size], Zmm[Size..]);
        for (var i = 0; i < Size; i += 2)
        {
            code.vunpcklps(y[i], x[i], x[i + 1]);
            code.vunpckhps(y[i + 1], x[i], x[i + 1]);
        }
        for (var i = 0; i < Size; i += 4)
        {
            code.vunpcklpd(x[i], y[i], y[i + 2]);
            code.vunpckhpd(x[i + 1], y[i], y[i + 2]);
            code.vunpcklpd(x[i + 2], y[i + 1], y[i + 3]);
            code.vunpckhpd(x[i + 3], y[i + 1], y[i + 3]);
        }
        for (var c = 0; c < 4; c++)
        {
            code.vshuff32x4(y[c], x[c], x[4 + c], evenLanes);
            code.vshuff32x4(y[4 + c], x[8 + c], x[12 + c], evenLanes);
            code.vshuff32x4(y[8 + c], x[c], x[4 + c], oddLanes);
            code.vshuff32x4(y[12 + c], x[8 + c], x[12 + c], oddLanes);
        }
        for (var c = 0; c < 4; c++)
        {
            code.vshuff32x4(x[c], y[c], y[4 + c], evenLanes);
            code.vshuff32x4(x[4 + c], y[8 + c], y[12 + c], evenLanes);
            code.vshuff32x4(x[8 + c], y[c], y[4 + c], oddLanes);
            code.vshuff32x4(x[12 + c], y[8 + c], y[12 + c], oddLanes);
        }
    }
}
