using System.Diagnostics;
using TuneGrid.Training.Memory;
using TuneGrid.Training.Threading;

namespace TuneGrid.Training.Kernels.Measurement;

/// <summary>
/// A fixed piece of real kernel work on every thread, to see how fast this machine trains at the moment. It takes the mean, not the best,
/// of what it runs: another process that takes every second slice of the processor must show. Not thread-safe.
/// </summary>
public sealed unsafe class SpeedProbe : IDisposable
{
    private const int Rows = 128, Inner = 192, Outer = 768;
    private const double Flops = 2.0 * Rows * Inner * Outer;
    private const double Seconds = 0.01;
    private readonly WorkerPool _pool;
    private readonly Lane[] _lanes;
    private readonly Action<int> _body;
    private int _products = 1;

    /// <summary>Finds out once how many products make ten to twenty milliseconds; from then on every measurement runs as many.</summary>
    /// <param name="threads">As many as a trainer would use.</param>
    public SpeedProbe(KernelSet kernels, int threads)
    {
        _pool = new WorkerPool(threads);
        _lanes = [.. Enumerable.Range(0, threads).Select(t => new Lane(kernels.Matrix, _pool.Workspace(t)))];
        _body = thread =>
        {
            for (var i = 0; i < _products; i++)
                _lanes[thread].Multiply();
        };
        while (Time() < Seconds && _products < 1 << 20)
            _products *= 2;
    }

    /// <summary>Floating-point operations per second over all threads.</summary>
    public double Measure() => Flops * _products * _lanes.Length / Time();

    /// <summary>Ends the threads and frees their memory.</summary>
    public void Dispose() => _pool.Dispose();

    private double Time()
    {
        var start = Stopwatch.GetTimestamp();
        _pool.Run(_body);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>What one thread multiplies, all of it zeros: no kernel is faster or slower for that.</summary>
    private sealed class Lane
    {
        private readonly IMatrixKernels _kernels;
        private readonly Workspace _workspace;
        private readonly PackedMatrix _weights;
        private readonly float* _input, _output;

        public Lane(IMatrixKernels kernels, Workspace workspace)
        {
            (_kernels, _workspace) = (kernels, workspace);
            _input = Zeros(Rows * Inner);
            _output = Zeros(Rows * Outer);
            _weights = new(workspace.Take<byte>(kernels.PackedBytes(Inner, Outer)), Inner, Outer);
            kernels.Pack(Zeros(Inner * Outer), Outer, Inner, Outer, transposed: false, _weights.Data);
        }

        public void Multiply() => _kernels.Multiply(_input, Inner, Rows, _weights, _output, Outer, accumulate: false, _workspace);

        private float* Zeros(int count)
        {
            var numbers = _workspace.Take<float>(count);
            new Span<float>(numbers, count).Clear();
            return numbers;
        }
    }
}
