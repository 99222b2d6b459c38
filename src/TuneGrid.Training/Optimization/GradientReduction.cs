using TuneGrid.Training.Kernels;
using TuneGrid.Training.Model;
using TuneGrid.Training.Threading;

namespace TuneGrid.Training.Optimization;

/// <summary>Adds up the threads' gradients and measures the sum's norm, both in a fixed order whatever the threads do.</summary>
internal sealed unsafe class GradientReduction
{
    private const long ChunkElements = 64 * 1024;
    private readonly NativeBuffer[] _gradients;
    private readonly IElementKernels _element;
    private readonly WorkerPool _pool;
    private readonly double[] _squares;
    private readonly Action<int> _body;
    private int _next;

    public GradientReduction(NativeBuffer[] gradients, IElementKernels element, WorkerPool pool)
    {
        (_gradients, _element, _pool) = (gradients, element, pool);
        _squares = new double[(gradients[0].Count + ChunkElements - 1) / ChunkElements];
        _body = _ => Work();
    }

    /// <summary>The sum lands in the first buffer; answers its Euclidean norm.</summary>
    public double Reduce()
    {
        _next = -1;
        _pool.Run(_body);
        var sum = 0.0;
        foreach (var square in _squares)
            sum += square;
        return Math.Sqrt(sum);
    }

    private void Work()
    {
        for (int i; (i = Interlocked.Increment(ref _next)) < _squares.Length;)
        {
            var start = i * ChunkElements;
            var count = Math.Min(ChunkElements, _gradients[0].Count - start);
            for (var thread = 1; thread < _gradients.Length; thread++)
                _element.AddScaled(1, _gradients[thread].Data + start, _gradients[0].Data + start, count);
            _squares[i] = _element.SumOfSquares(_gradients[0].Data + start, count);
        }
    }
}
