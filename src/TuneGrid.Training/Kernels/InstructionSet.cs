namespace TuneGrid.Training.Kernels;

/// <summary>The levels of the kernel ladder, slowest first. <c>TUNEGRID_ISA</c> forces one by its lower-case name.</summary>
public enum InstructionSet { Reference, Vector128, Avx2, Avx512, Avx512Bf16, Amx }
