using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace TuneGrid.Training.Kernels.Assembled;

/// <summary>Registers by number, for code written in loops.</summary>
internal static class Registers
{
    public static readonly AssemblerRegisterZMM[] Zmm =
    [
        zmm0, zmm1, zmm2, zmm3, zmm4, zmm5, zmm6, zmm7, zmm8, zmm9, zmm10, zmm11, zmm12, zmm13, zmm14, zmm15,
        zmm16, zmm17, zmm18, zmm19, zmm20, zmm21, zmm22, zmm23, zmm24, zmm25, zmm26, zmm27, zmm28, zmm29, zmm30, zmm31,
    ];

    private static readonly AssemblerRegister64[] Saved = [rbx, rbp, r12, r13, r14, r15];

    /// <summary>Saves what the System V calling convention leaves to the callee.</summary>
    public static void Enter(this Assembler code)
    {
        foreach (var register in Saved)
            code.push(register);
    }

    public static void Leave(this Assembler code)
    {
        code.vzeroupper();
        foreach (var register in Saved.Reverse())
            code.pop(register);
        code.ret();
    }
}
