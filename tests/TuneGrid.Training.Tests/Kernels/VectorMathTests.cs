using System.Runtime.Intrinsics;
using TuneGrid.Training.Kernels;
using TuneGrid.Training.Kernels.Simd;

namespace TuneGrid.Training.Tests.Kernels;

/// <summary>Elementary functions against double precision, on every width this machine has.</summary>
public sealed unsafe class VectorMathTests
{
    [Fact]
    public void ExponentialsAreWithinTwoInTenMillion()
    {
        foreach (var set in KernelLadder.Supported)
            switch (set)
            {
                case InstructionSet.Vector128: Check<Lane128, Vector128<float>>(); break;
                case InstructionSet.Avx2: Check<Lane256, Vector256<float>>(); break;
                case InstructionSet.Avx512: Check<Lane512, Vector512<float>>(); break;
            }
    }

    private static void Check<TLane, TVector>()
        where TLane : struct, ILane<TVector>
        where TVector : unmanaged
    {
        for (var x = -87f; x < 88; x += 0.0137f)
        {
            AssertNear(Math.Exp(x), TLane.MaxAcross(VectorMath.Exp<TLane, TVector>(TLane.Create(x))), x);
            AssertNear(Math.Pow(2, x), TLane.MaxAcross(VectorMath.Exp2<TLane, TVector>(TLane.Create(x))), x);
        }
        Assert.Equal(0, TLane.MaxAcross(VectorMath.Exp<TLane, TVector>(TLane.Create(float.NegativeInfinity))));
        Assert.Equal(0, TLane.MaxAcross(VectorMath.Exp2<TLane, TVector>(TLane.Create(-1e30f))));
        Assert.True(float.IsNaN(TLane.Sum(VectorMath.Exp<TLane, TVector>(TLane.Create(float.NaN)))));
        Assert.True(float.IsNaN(TLane.Sum(VectorMath.Exp2<TLane, TVector>(TLane.Create(float.NaN)))));
    }

    private static void AssertNear(double expected, double actual, float x) =>
        Assert.True(Math.Abs(actual / expected - 1) < 2.5e-7, $"at {x}: expected {expected}, got {actual}");
}
