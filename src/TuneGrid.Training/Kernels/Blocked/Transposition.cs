using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace TuneGrid.Training.Kernels.Blocked;

/// <summary>Transposes four-byte units, four by four in registers.</summary>
internal static unsafe class Transposition
{
    /// <summary>A cache line: all of it is used before it leaves the cache.</summary>
    private const int LineUnits = 16;

    /// <summary>Target [columns, rows] from source [rows, columns]; strides in units.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* source, int sourceStride, int rows, int columns, float* target, int targetStride)
    {
        var (wholeRows, wholeColumns) = (rows & ~3, columns & ~3);
        for (var line = 0; line < wholeColumns; line += LineUnits)
            for (var i = 0; i < wholeRows; i += 4)
                for (var j = line; j < Math.Min(line + LineUnits, wholeColumns); j += 4)
                    Run4x4(source + (long)i * sourceStride + j, sourceStride, target + (long)j * targetStride + i, targetStride);
        RunPlain(source, sourceStride, new(0, rows), new(wholeColumns, columns - wholeColumns), target, targetStride);
        RunPlain(source, sourceStride, new(wholeRows, rows - wholeRows), new(0, wholeColumns), target, targetStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Run4x4(float* source, nint sourceStride, float* target, nint targetStride)
    {
        var r0 = Vector128.Load(source);
        var r1 = Vector128.Load(source + sourceStride);
        var r2 = Vector128.Load(source + 2 * sourceStride);
        var r3 = Vector128.Load(source + 3 * sourceStride);
        var low01 = ZipLow(r0, r1);
        var low23 = ZipLow(r2, r3);
        var high01 = ZipHigh(r0, r1);
        var high23 = ZipHigh(r2, r3);
        PairLow(low01, low23).Store(target);
        PairHigh(low01, low23).Store(target + targetStride);
        PairLow(high01, high23).Store(target + 2 * targetStride);
        PairHigh(high01, high23).Store(target + 3 * targetStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ZipLow(Vector128<float> x, Vector128<float> y) =>
        Sse.IsSupported ? Sse.UnpackLow(x, y)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(x, y)
        : Vector128.Create(x[0], y[0], x[1], y[1]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ZipHigh(Vector128<float> x, Vector128<float> y) =>
        Sse.IsSupported ? Sse.UnpackHigh(x, y)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(x, y)
        : Vector128.Create(x[2], y[2], x[3], y[3]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> PairLow(Vector128<float> x, Vector128<float> y) =>
        Sse.IsSupported ? Sse.MoveLowToHigh(x, y) : Vector128.Create(x.GetLower(), y.GetLower());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> PairHigh(Vector128<float> x, Vector128<float> y) =>
        Sse.IsSupported ? Sse.MoveHighToLow(y, x) : Vector128.Create(x.GetUpper(), y.GetUpper());

    private static void RunPlain(float* source, int sourceStride, Part rows, Part columns, float* target, int targetStride)
    {
        for (var i = rows.Start; i < rows.Start + rows.Count; i++)
            for (var j = columns.Start; j < columns.Start + columns.Count; j++)
                target[(long)j * targetStride + i] = source[(long)i * sourceStride + j];
    }
}
