namespace TuneGrid.Training.Kernels;

/// <summary>The levels of the kernel ladder, slowest first. <c>TUNEGRID_ISA</c> forces one by its lower-case name.</summary>
public enum InstructionSet
{
    /// <summary>Plain loops: what all others are held against, on any processor.</summary>
    Reference,

    /// <summary>SIMD of 128 bits (SSE, NEON), fp32.</summary>
    Vector128,

    /// <summary>AVX2 with FMA, fp32.</summary>
    Avx2,

    /// <summary>AVX-512 (F, BW, DQ), fp32.</summary>
    Avx512,

    /// <summary>As <see cref="Avx512"/>, but products of operands rounded to bf16, with sums in fp32.</summary>
    Avx512Bf16,

    /// <summary>As <see cref="Avx512Bf16"/>, with the products in AMX tiles; on Linux only.</summary>
    Amx,
}
