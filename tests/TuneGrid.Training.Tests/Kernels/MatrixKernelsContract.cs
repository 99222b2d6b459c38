using System.Runtime.InteropServices;
using TuneGrid.Training.Kernels;
using TuneGrid.Training.Kernels.Reference;
using TuneGrid.Training.Memory;

namespace TuneGrid.Training.Tests.Kernels;

/// <summary>
/// Every level of the ladder against the reference. Levels that round to bf16 are compared on operands rounded before, so that the
/// tolerance only has to cover fp32 summation: 2^-23 per addition on sums of at most |a|·|b| each, with a factor for the order.
/// </summary>
public abstract unsafe class MatrixKernelsContract(InstructionSet set, KernelSet kernels)
{
    private readonly KernelSet _kernels = kernels;

    public static TheoryData<int, int, int> Sizes()
    {
        var sizes = new TheoryData<int, int, int> { { 1, 1, 1 }, { 256, 128, 192 }, { 5, 1600, 66 }, { 400, 200, 130 } };
        var random = new Random(5);
        for (var i = 0; i < 60; i++)
            sizes.Add(random.Next(1, 71), random.Next(1, 71), random.Next(1, 71));
        return sizes;
    }

    [KernelTheory]
    [MemberData(nameof(Sizes))]
    public void MultiplyEqualsTheReference(int rows, int inner, int outer)
    {
        using var workspace = new Workspace();
        foreach (var (transposed, accumulate) in new[] { (false, false), (true, false), (false, true), (true, true) })
        {
            var (aStride, bStride, cStride) = (inner + 3, (transposed ? inner : outer) + 1, outer + 2);
            using var a = Operand(rows * aStride, 1);
            using var b = Operand((transposed ? outer : inner) * bStride, 2);
            using var c = NativeArray.Random(rows * cStride, 3);
            using var expected = c.Copy();
            Multiply(_kernels.Matrix, a, aStride, rows, b, bStride, inner, outer, transposed, c, cStride, accumulate, workspace);
            Multiply(
                new ReferenceMatrixKernels(), a, aStride, rows, b, bStride, inner, outer, transposed, expected, cStride, accumulate,
                workspace);
            AssertClose(expected, c, inner);
        }
    }

    [KernelTheory]
    [MemberData(nameof(Sizes))]
    public void MultiplyTransposedEqualsTheReference(int rows, int m, int n)
    {
        using var workspace = new Workspace();
        foreach (var accumulate in new[] { false, true })
        {
            var (aStride, bStride, cStride) = (m + 1, n + 5, n + 2);
            using var a = Operand(rows * aStride, 1);
            using var b = Operand(rows * bStride, 2);
            using var c = NativeArray.Random(m * cStride, 3);
            using var expected = c.Copy();
            _kernels.Matrix.MultiplyTransposed(a.Data, aStride, m, b.Data, bStride, n, rows, c.Data, cStride, accumulate, workspace);
            new ReferenceMatrixKernels().MultiplyTransposed(
                a.Data, aStride, m, b.Data, bStride, n, rows, expected.Data, cStride, accumulate, workspace);
            AssertClose(expected, c, rows);
        }
    }

    [KernelTheory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void WhatIsNotFiniteShowsInTheResult(float value)
    {
        using var workspace = new Workspace();
        foreach (var place in new[] { 0, 12, 36 })
        {
            using var a = Operand(7 * 37, 1);
            using var b = Operand(37 * 19, 2);
            using var c = NativeArray.Random(7 * 19, 3);
            using var d = NativeArray.Random(37 * 37, 4);
            a.Data[3 * 37 + place] = value;
            Multiply(_kernels.Matrix, a, 37, 7, b, 19, 37, 19, false, c, 19, false, workspace);
            _kernels.Matrix.MultiplyTransposed(a.Data, 37, 37, a.Data, 37, 37, 7, d.Data, 37, false, workspace);
            Assert.All(c.Span.Slice(3 * 19, 19).ToArray(), x => Assert.False(float.IsFinite(x)));
            Assert.All(c.Span[..(3 * 19)].ToArray(), x => Assert.True(float.IsFinite(x)));
            Assert.False(float.IsFinite(d.Data[place * 37 + 2]));
        }
    }

    [KernelFact]
    public void AWarmWorkspaceNeverGrows()
    {
        using var workspace = new Workspace();
        using var a = Operand(128 * 96, 1);
        using var b = Operand(128 * 96, 2);
        using var c = NativeArray.Random(128 * 128, 3);
        var bytes = -1L;
        for (var i = 0; i < 4; i++)
        {
            Multiply(_kernels.Matrix, a, 96, 128, b, 96, 96, 128, true, c, 128, true, workspace);
            _kernels.Matrix.MultiplyTransposed(a.Data, 96, 96, b.Data, 96, 96, 128, c.Data, 128, true, workspace);
            Assert.True(bytes < 0 || bytes == workspace.AllocatedBytes);
            bytes = workspace.AllocatedBytes;
        }
    }

    private NativeArray Operand(int count, int seed)
    {
        using var array = NativeArray.Random(count, seed);
        return set.RoundsToBf16() ? array.RoundedToBf16() : array.Copy();
    }

    private static void Multiply(
        IMatrixKernels kernels, NativeArray a, int aStride, int rows, NativeArray b, int bStride, int inner, int outer, bool transposed,
        NativeArray c, int cStride, bool accumulate, Workspace workspace)
    {
        var packed = NativeMemory.AlignedAlloc((nuint)kernels.PackedBytes(inner, outer), 64);
        kernels.Pack(b.Data, bStride, inner, outer, transposed, packed);
        kernels.Multiply(a.Data, aStride, rows, new(packed, inner, outer), c.Data, cStride, accumulate, workspace);
        NativeMemory.AlignedFree(packed);
    }

    private static void AssertClose(NativeArray expected, NativeArray actual, int additions)
    {
        var tolerance = 4e-7f * MathF.Sqrt(additions) + 4e-7f;
        for (var i = 0; i < expected.Count; i++)
            Assert.True(
                MathF.Abs(expected.Data[i] - actual.Data[i]) <= tolerance * MathF.Max(1, MathF.Abs(expected.Data[i])),
                $"element {i}: expected {expected.Data[i]}, got {actual.Data[i]}");
        actual.AssertGuardsIntact();
    }
}

[RunsOn(InstructionSet.Reference)]
public sealed class ReferenceMatrixKernelsTests()
    : MatrixKernelsContract(InstructionSet.Reference, KernelLadder.For(InstructionSet.Reference));

[RunsOn(InstructionSet.Vector128)]
public sealed class Vector128MatrixKernelsTests()
    : MatrixKernelsContract(InstructionSet.Vector128, KernelLadder.For(InstructionSet.Vector128));

[RunsOn(InstructionSet.Avx2)]
public sealed class Avx2MatrixKernelsTests() : MatrixKernelsContract(InstructionSet.Avx2, KernelLadder.For(InstructionSet.Avx2));

[RunsOn(InstructionSet.Avx512)]
public sealed class Avx512MatrixKernelsTests() : MatrixKernelsContract(InstructionSet.Avx512, KernelLadder.For(InstructionSet.Avx512));

[RunsOn(InstructionSet.Avx512Bf16)]
public sealed class Avx512Bf16MatrixKernelsTests()
    : MatrixKernelsContract(InstructionSet.Avx512Bf16, KernelLadder.For(InstructionSet.Avx512Bf16));

[RunsOn(InstructionSet.Amx)]
public sealed class AmxMatrixKernelsTests() : MatrixKernelsContract(InstructionSet.Amx, KernelLadder.For(InstructionSet.Amx));
