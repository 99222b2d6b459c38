using System.Runtime.CompilerServices;

namespace TuneGrid.Training.Kernels.Simd;

/// <summary>
/// The innermost products: a block of C held in registers while A and B stream by. Six rows by four registers fill 32 registers (AVX-512,
/// NEON), six by two fill 16 (AVX2, SSE). Written out because the JIT keeps locals, not arrays, in registers.
/// </summary>
internal static unsafe class ProductTile<TLane, TVector>
    where TLane : struct, ILane<TVector>
    where TVector : unmanaged
{
    public const int Rows = 6;

    /// <summary>C [6, 4 registers] = or += A [6, inner] · B [inner, 4 registers]. B is contiguous; the strides are in floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run6x4(
        float* a, nint rowStride, nint innerStride, int rows, float* b, int inner, float* c, nint cStride, bool accumulate)
    {
        // Rows past the edge read the last real one; the caller drops what they give.
        var a1 = a + Math.Min(1, rows - 1) * rowStride;
        var a2 = a + Math.Min(2, rows - 1) * rowStride;
        var a3 = a + Math.Min(3, rows - 1) * rowStride;
        var a4 = a + Math.Min(4, rows - 1) * rowStride;
        var a5 = a + Math.Min(5, rows - 1) * rowStride;
        TVector c00 = TLane.Zero, c01 = TLane.Zero, c02 = TLane.Zero, c03 = TLane.Zero;
        TVector c10 = TLane.Zero, c11 = TLane.Zero, c12 = TLane.Zero, c13 = TLane.Zero;
        TVector c20 = TLane.Zero, c21 = TLane.Zero, c22 = TLane.Zero, c23 = TLane.Zero;
        TVector c30 = TLane.Zero, c31 = TLane.Zero, c32 = TLane.Zero, c33 = TLane.Zero;
        TVector c40 = TLane.Zero, c41 = TLane.Zero, c42 = TLane.Zero, c43 = TLane.Zero;
        TVector c50 = TLane.Zero, c51 = TLane.Zero, c52 = TLane.Zero, c53 = TLane.Zero;
        nint o = 0;
        for (var end = b + (nint)inner * 4 * TLane.Count; b != end; b += 4 * TLane.Count, o += innerStride)
        {
            TVector b0 = TLane.Load(b), b1 = TLane.Load(b + TLane.Count), b2 = TLane.Load(b + 2 * TLane.Count),
                b3 = TLane.Load(b + 3 * TLane.Count);
            var x = TLane.Create(*(a + o));
            c00 = TLane.MultiplyAdd(x, b0, c00); c01 = TLane.MultiplyAdd(x, b1, c01);
            c02 = TLane.MultiplyAdd(x, b2, c02); c03 = TLane.MultiplyAdd(x, b3, c03);
            x = TLane.Create(*(a1 + o));
            c10 = TLane.MultiplyAdd(x, b0, c10); c11 = TLane.MultiplyAdd(x, b1, c11);
            c12 = TLane.MultiplyAdd(x, b2, c12); c13 = TLane.MultiplyAdd(x, b3, c13);
            x = TLane.Create(*(a2 + o));
            c20 = TLane.MultiplyAdd(x, b0, c20); c21 = TLane.MultiplyAdd(x, b1, c21);
            c22 = TLane.MultiplyAdd(x, b2, c22); c23 = TLane.MultiplyAdd(x, b3, c23);
            x = TLane.Create(*(a3 + o));
            c30 = TLane.MultiplyAdd(x, b0, c30); c31 = TLane.MultiplyAdd(x, b1, c31);
            c32 = TLane.MultiplyAdd(x, b2, c32); c33 = TLane.MultiplyAdd(x, b3, c33);
            x = TLane.Create(*(a4 + o));
            c40 = TLane.MultiplyAdd(x, b0, c40); c41 = TLane.MultiplyAdd(x, b1, c41);
            c42 = TLane.MultiplyAdd(x, b2, c42); c43 = TLane.MultiplyAdd(x, b3, c43);
            x = TLane.Create(*(a5 + o));
            c50 = TLane.MultiplyAdd(x, b0, c50); c51 = TLane.MultiplyAdd(x, b1, c51);
            c52 = TLane.MultiplyAdd(x, b2, c52); c53 = TLane.MultiplyAdd(x, b3, c53);
        }
        Put(c, c00, c01, c02, c03, accumulate);
        Put(c + cStride, c10, c11, c12, c13, accumulate);
        Put(c + 2 * cStride, c20, c21, c22, c23, accumulate);
        Put(c + 3 * cStride, c30, c31, c32, c33, accumulate);
        Put(c + 4 * cStride, c40, c41, c42, c43, accumulate);
        Put(c + 5 * cStride, c50, c51, c52, c53, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(float* target, TVector x0, TVector x1, TVector x2, TVector x3, bool accumulate)
    {
        if (accumulate)
        {
            x0 = TLane.Add(x0, TLane.Load(target));
            x1 = TLane.Add(x1, TLane.Load(target + TLane.Count));
            x2 = TLane.Add(x2, TLane.Load(target + 2 * TLane.Count));
            x3 = TLane.Add(x3, TLane.Load(target + 3 * TLane.Count));
        }
        TLane.Store(x0, target);
        TLane.Store(x1, target + TLane.Count);
        TLane.Store(x2, target + 2 * TLane.Count);
        TLane.Store(x3, target + 3 * TLane.Count);
    }

    /// <summary>C [6, 2 registers] = or += A [6, inner] · B [inner, 2 registers]. B is contiguous; the strides are in floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run6x2(
        float* a, nint rowStride, nint innerStride, int rows, float* b, int inner, float* c, nint cStride, bool accumulate)
    {
        // Rows past the edge read the last real one; the caller drops what they give.
        var a1 = a + Math.Min(1, rows - 1) * rowStride;
        var a2 = a + Math.Min(2, rows - 1) * rowStride;
        var a3 = a + Math.Min(3, rows - 1) * rowStride;
        var a4 = a + Math.Min(4, rows - 1) * rowStride;
        var a5 = a + Math.Min(5, rows - 1) * rowStride;
        TVector c00 = TLane.Zero, c01 = TLane.Zero;
        TVector c10 = TLane.Zero, c11 = TLane.Zero;
        TVector c20 = TLane.Zero, c21 = TLane.Zero;
        TVector c30 = TLane.Zero, c31 = TLane.Zero;
        TVector c40 = TLane.Zero, c41 = TLane.Zero;
        TVector c50 = TLane.Zero, c51 = TLane.Zero;
        nint o = 0;
        for (var end = b + (nint)inner * 2 * TLane.Count; b != end; b += 2 * TLane.Count, o += innerStride)
        {
            TVector b0 = TLane.Load(b), b1 = TLane.Load(b + TLane.Count);
            var x = TLane.Create(*(a + o));
            c00 = TLane.MultiplyAdd(x, b0, c00); c01 = TLane.MultiplyAdd(x, b1, c01);
            x = TLane.Create(*(a1 + o));
            c10 = TLane.MultiplyAdd(x, b0, c10); c11 = TLane.MultiplyAdd(x, b1, c11);
            x = TLane.Create(*(a2 + o));
            c20 = TLane.MultiplyAdd(x, b0, c20); c21 = TLane.MultiplyAdd(x, b1, c21);
            x = TLane.Create(*(a3 + o));
            c30 = TLane.MultiplyAdd(x, b0, c30); c31 = TLane.MultiplyAdd(x, b1, c31);
            x = TLane.Create(*(a4 + o));
            c40 = TLane.MultiplyAdd(x, b0, c40); c41 = TLane.MultiplyAdd(x, b1, c41);
            x = TLane.Create(*(a5 + o));
            c50 = TLane.MultiplyAdd(x, b0, c50); c51 = TLane.MultiplyAdd(x, b1, c51);
        }
        Put(c, c00, c01, accumulate);
        Put(c + cStride, c10, c11, accumulate);
        Put(c + 2 * cStride, c20, c21, accumulate);
        Put(c + 3 * cStride, c30, c31, accumulate);
        Put(c + 4 * cStride, c40, c41, accumulate);
        Put(c + 5 * cStride, c50, c51, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(float* target, TVector x0, TVector x1, bool accumulate)
    {
        if (accumulate)
        {
            x0 = TLane.Add(x0, TLane.Load(target));
            x1 = TLane.Add(x1, TLane.Load(target + TLane.Count));
        }
        TLane.Store(x0, target);
        TLane.Store(x1, target + TLane.Count);
    }
}
