using System.Runtime.InteropServices;
using TuneGrid.Training.Kernels;
using TuneGrid.Training.Threading;

namespace TuneGrid.Training.Model;

/// <summary>The matrices in the layout the products want, for both directions; packed once per step, read by all threads.</summary>
internal sealed unsafe class PackedWeights : IDisposable
{
    private readonly IMatrixKernels _kernels;
    private readonly List<Parameter> _matrices;
    private readonly PackedMatrix[] _forward;
    private readonly PackedMatrix[] _backward;
    private readonly byte* _memory;
    private readonly Action<int> _body;
    private float* _weights;
    private readonly bool _bothDirections;
    private int _next;

    public PackedWeights(ModelLayout layout, IMatrixKernels kernels, bool bothDirections)
    {
        _kernels = kernels;
        _bothDirections = bothDirections;
        _matrices = [.. layout.Parameters.Where(layout.IsMultiplied)];
        _forward = new PackedMatrix[layout.Parameters.Count];
        _backward = new PackedMatrix[layout.Parameters.Count];
        _body = _ => PackShare();

        var bytes = _matrices.Sum(p =>
            Aligned(kernels.PackedBytes(p.Columns, p.Rows)) + (bothDirections ? Aligned(kernels.PackedBytes(p.Rows, p.Columns)) : 0));
        _memory = (byte*)NativeMemory.AlignedAlloc((nuint)bytes, 64);
        var at = _memory;
        foreach (var parameter in _matrices)
        {
            _forward[parameter.Index] = new(at, parameter.Columns, parameter.Rows);
            at += Aligned(kernels.PackedBytes(parameter.Columns, parameter.Rows));
            if (!bothDirections)
                continue;
            _backward[parameter.Index] = new(at, parameter.Rows, parameter.Columns);
            at += Aligned(kernels.PackedBytes(parameter.Rows, parameter.Columns));
        }
    }

    /// <summary>For x·Wᵀ: [in, out].</summary>
    public PackedMatrix Forward(Parameter parameter) => _forward[parameter.Index];

    /// <summary>For dy·W: [out, in].</summary>
    public PackedMatrix Backward(Parameter parameter) => _backward[parameter.Index];

    public void Pack(float* weights, WorkerPool pool)
    {
        _weights = weights;
        _next = -1;
        pool.Run(_body);
    }

    public void Dispose() => NativeMemory.AlignedFree(_memory);

    private void PackShare()
    {
        for (int i; (i = Interlocked.Increment(ref _next)) < _matrices.Count;)
        {
            var parameter = _matrices[i];
            var source = _weights + parameter.Offset;
            _kernels.Pack(source, parameter.Columns, parameter.Columns, parameter.Rows, transposed: true, _forward[parameter.Index].Data);
            if (_bothDirections)
                _kernels.Pack(
                    source, parameter.Columns, parameter.Rows, parameter.Columns, transposed: false, _backward[parameter.Index].Data);
        }
    }

    private static long Aligned(long bytes) => (bytes + 63) / 64 * 64;
}
