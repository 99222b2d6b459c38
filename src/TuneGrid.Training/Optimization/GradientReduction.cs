using TuneGrid.Training.Kernels;
using TuneGrid.Training.Memory;
using TuneGrid.Training.Threading;

namespace TuneGrid.Training.Optimization;

/// <summary>
/// Adds up the gradients of threads and of tokens and measures the sum's norm, all in a fixed order whatever the threads do.
/// </summary>
internal sealed unsafe class GradientReduction
{
    private const long ChunkElements = 64 * 1024;
    private readonly NativeBuffer[] _gradients;
    private readonly LookupGradients _lookups;
    private readonly IElementKernels _element;
    private readonly WorkerPool _pool;
    private readonly double[] _squares;
    private readonly int _denseChunks;
    private readonly Action<int> _body;
    private int _next;

    public GradientReduction(NativeBuffer[] gradients, LookupGradients lookups, IElementKernels element, WorkerPool pool)
    {
        (_gradients, _lookups, _element, _pool) = (gradients, lookups, element, pool);
        _denseChunks = (int)((gradients[0].Count + ChunkElements - 1) / ChunkElements);
        _squares = new double[_denseChunks + lookups.Chunks];
        _body = _ => Work();
    }

    /// <summary>The sums land in the first buffer and in the lookups; returns their Euclidean norm.</summary>
    /// <param name="inputs">[tokens] the batch's token ids.</param>
    public double Reduce(int* inputs, int tokens)
    {
        _lookups.Group(inputs, tokens);
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
            _squares[i] = i < _denseChunks ? Sum(i * ChunkElements) : _lookups.Sum(i - _denseChunks);
    }

    private double Sum(long start)
    {
        var count = Math.Min(ChunkElements, _gradients[0].Count - start);
        for (var thread = 1; thread < _gradients.Length; thread++)
            _element.AddScaled(1, _gradients[thread].Data + start, _gradients[0].Data + start, count);
        return _element.SumOfSquares(_gradients[0].Data + start, count);
    }
}
