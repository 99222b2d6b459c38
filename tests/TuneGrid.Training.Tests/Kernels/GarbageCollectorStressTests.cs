using TuneGrid.Training.Kernels;

namespace TuneGrid.Training.Tests.Kernels;

/// <summary>Kernels run on two threads while a third collects garbage and so suspends them at any instruction; the bits must not change.</summary>
public sealed unsafe class GarbageCollectorStressTests
{
    private const int Size = 96, Turns = 10;

    [Fact]
    public void SuspendedKernelsGiveTheSameBits()
    {
        foreach (var set in KernelLadder.Supported.Where(s => s != InstructionSet.Reference))
        {
            var expected = Compute(set, 1);
            using var done = new CancellationTokenSource();
            var collector = new Thread(() =>
            {
                while (!done.IsCancellationRequested)
                {
                    GC.KeepAlive(new byte[1000]);
                    GC.Collect(0);
                }
            });
            collector.Start();
            var results = new float[2][];
            var workers = Enumerable.Range(0, 2).Select(i => new Thread(() => results[i] = Compute(set, Turns))).ToList();
            workers.ForEach(w => w.Start());
            workers.ForEach(w => w.Join());
            done.Cancel();
            collector.Join();
            Assert.All(results, r => Assert.Equal(expected, r));
        }
    }

    private static float[] Compute(InstructionSet set, int turns)
    {
        var kernels = KernelLadder.For(set);
        using var workspace = new Workspace();
        using var a = NativeArray.Random(Size * 3 * Size, 1);
        using var b = NativeArray.Random(Size * Size, 2);
        using var c = NativeArray.Random(Size * Size, 3);
        using var attention = NativeArray.Random(Size * Size, 4);
        var packed = new PackedMatrix(workspace.Take<byte>(kernels.Matrix.PackedBytes(Size, Size)), Size, Size);
        for (var turn = 0; turn < turns; turn++)
        {
            kernels.Matrix.Pack(b.Data, Size, Size, Size, transposed: true, packed.Data);
            kernels.Matrix.Multiply(a.Data, Size, Size, packed, c.Data, Size, accumulate: false, workspace);
            kernels.Matrix.MultiplyTransposed(a.Data, Size, Size, b.Data, Size, Size, Size, c.Data, Size, accumulate: true, workspace);
            kernels.Attention.Forward(new(Size, 3, 32, 0.2f, null), a.Data, a.Data + Size, a.Data + 2 * Size, 3 * Size, attention.Data, Size, null, workspace);
        }
        return [.. c.Span, .. attention.Span];
    }
}
