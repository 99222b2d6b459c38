using TuneGrid.Training.Kernels;
using TuneGrid.Training.Memory;

namespace TuneGrid.Training.Tests.Kernels;

/// <summary>
/// Kernels run on two threads while a third collects garbage and so suspends them at any instruction; the bits must not change.
/// </summary>
public sealed unsafe class GarbageCollectorStressTests
{
    private const int Size = 96, Collections = 60;

    [Fact]
    public void SuspendedKernelsGiveTheSameBits()
    {
        foreach (var set in KernelLadder.Supported.Where(s => s != InstructionSet.Reference))
        {
            using var expected = new Run(set);
            expected.ComputeUntil(new(canceled: true));
            using var left = new Run(set);
            using var right = new Run(set);
            using var done = new CancellationTokenSource();
            var workers = new[] { left, right }.Select(run => new Thread(() => run.ComputeUntil(done.Token))).ToList();
            workers.ForEach(w => w.Start());
            for (var i = 0; i < Collections; i++)
                GC.Collect(0);
            done.Cancel();
            workers.ForEach(w => w.Join());
            Assert.Equal(expected.Results, left.Results);
            Assert.Equal(expected.Results, right.Results);
        }
    }

    private sealed class Run(InstructionSet set) : IDisposable
    {
        private readonly KernelSet _kernels = KernelLadder.For(set);
        private readonly Workspace _workspace = new();
        private readonly NativeArray _a = NativeArray.Random(Size * 3 * Size, 1);
        private readonly NativeArray _b = NativeArray.Random(Size * Size, 2);
        private readonly NativeArray _c = NativeArray.Random(Size * Size, 3);
        private readonly NativeArray _attention = NativeArray.Random(Size * Size, 4);

        public float[] Results => [.. _c.Span, .. _attention.Span];

        /// <summary>Computes the same at least once, and again until the token is cancelled.</summary>
        public void ComputeUntil(CancellationToken done)
        {
            using var mark = _workspace.Mark();
            var (matrix, stride) = (_kernels.Matrix, 3 * Size);
            var packed = new PackedMatrix(_workspace.Take<byte>(matrix.PackedBytes(Size, Size)), Size, Size);
            do
            {
                matrix.Pack(_b.Data, Size, Size, Size, transposed: true, packed.Data);
                matrix.Multiply(_a.Data, Size, Size, packed, _c.Data, Size, accumulate: false, _workspace);
                matrix.MultiplyTransposed(_a.Data, Size, Size, _b.Data, Size, Size, Size, _c.Data, Size, accumulate: true, _workspace);
                _kernels.Attention.Forward(
                    new(Size, 3, 32, 0.2f, null), _a.Data, _a.Data + Size, _a.Data + 2 * Size, stride, _attention.Data, Size, null,
                    _workspace);
            }
            while (!done.IsCancellationRequested);
        }

        public void Dispose()
        {
            foreach (var array in new[] { _a, _b, _c, _attention })
                array.Dispose();
            _workspace.Dispose();
        }
    }
}
