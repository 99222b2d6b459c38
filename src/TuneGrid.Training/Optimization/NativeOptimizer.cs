using TuneGrid.Training.Kernels;
using TuneGrid.Training.Memory;
using TuneGrid.Training.Model;
using TuneGrid.Training.Threading;

namespace TuneGrid.Training.Optimization;

/// <summary>
/// AdamW for every parameter, or Muon for the hidden matrices and AdamW for the rest. The update is cut into tasks that touch disjoint
/// memory, so any thread may take any of them and the bits stay the same. Of a <see cref="LookupTable"/>, only the rows that the batch
/// touched move, by AdamW without a first moment: momentum would stand still until a row's next token comes, while dense AdamW goes on
/// moving by it. Weight decay is learning_rate * weight_decay for every matrix and table, whatever their own rate.
/// </summary>
internal sealed unsafe class NativeOptimizer : IDisposable
{
    private const long ChunkElements = 32 * 1024;
    private readonly TrainingOptions _options;
    private readonly KernelSet _kernels;
    private readonly WorkerPool _pool;
    private readonly LookupGradients _lookups;
    private readonly PhaseClock[] _clocks;
    private readonly UpdateTask[] _tasks;
    private readonly Parameter[] _tables;
    private readonly Action<int> _body, _warmUpBody;
    private float* _weights, _gradients;
    private double _rateFactor, _momentum;
    private float _gradientScale;
    private int _next;

    public NativeOptimizer(ModelLayout layout, KernelSet kernels, LookupGradients lookups, WorkerPool pool, PhaseClock[] clocks)
    {
        (_options, _kernels, _lookups, _pool, _clocks) = (layout.Options, kernels, lookups, pool, clocks);
        _tables = [.. layout.Lookups.Select(t => t.Parameter)];
        Moment1 = new NativeBuffer(layout.ArenaCount);
        Moment2 = new NativeBuffer(layout.ArenaCount);
        // The orthogonalizations come first, the largest ahead: whoever is free then fills the gaps with small chunks.
        _tasks =
        [
            .. layout.Parameters.Where(IsMuons).SelectMany(MuonTasks).OrderByDescending(t => t.Count),
            .. layout.Parameters.Where(p => !IsMuons(p) && !layout.IsLookup(p)).SelectMany(AdamTasks),
        ];
        _warmUpBody = WarmUp;
        _body = Work;
    }

    /// <summary>[arena] Muon's momentum, or AdamW's first moment.</summary>
    public NativeBuffer Moment1 { get; }

    /// <summary>[arena] AdamW's second moment; unused by Muon.</summary>
    public NativeBuffer Moment2 { get; }

    /// <summary>Updates done so far.</summary>
    public long Steps { get; set; }

    /// <param name="gradientScale">Multiplies every gradient first: the clipping.</param>
    /// <param name="spent">Share of the budget that is spent, 0..1.</param>
    public void Update(float* weights, float* gradients, float gradientScale, double spent)
    {
        _weights = weights;
        _gradients = gradients;
        _gradientScale = gradientScale;
        _rateFactor = Schedule.RateFactor(_options, spent);
        _momentum = Schedule.Momentum(_options, spent);
        Steps++;
        _next = -1;
        _pool.Run(_body);
    }

    /// <summary>Compiles the update and grows the threads' scratch memory, on made-up tensors: changes nothing.</summary>
    public void WarmUp() => _pool.Run(_warmUpBody);

    public void Dispose()
    {
        Moment1.Dispose();
        Moment2.Dispose();
    }

    private bool IsMuons(Parameter parameter) => UpdateNumbers.IsMuons(_options, parameter);

    private static IEnumerable<UpdateTask> MuonTasks(Parameter p)
        => Enumerable.Range(0, p.Parts).Select(part => new UpdateTask(p, p.Offset + (part * (p.Count / p.Parts)), p.Count / p.Parts));

    private static IEnumerable<UpdateTask> AdamTasks(Parameter p)
    {
        for (var start = 0L; start < p.Count; start += ChunkElements)
            yield return new UpdateTask(p, p.Offset + start, Math.Min(ChunkElements, p.Count - start));
    }

    private void Work(int thread)
    {
        _clocks[thread].Switch(StepPhase.Optimizer);
        for (int i; (i = Interlocked.Increment(ref _next)) < _tasks.Length + _lookups.Chunks;)
        {
            if (i >= _tasks.Length)
                UpdateTouchedRows(i - _tasks.Length);
            else
                Apply(_tasks[i], At(_tasks[i].Offset, _gradients + _tasks[i].Offset), _pool.Workspace(thread));
        }
        _clocks[thread].Switch(StepPhase.Other);
    }

    private void WarmUp(int thread)
    {
        var workspace = _pool.Workspace(thread);
        // The first is the largest of Muon's, the last one of AdamW's.
        foreach (var task in (ReadOnlySpan<UpdateTask>)[_tasks[0], _tasks[^1]])
        {
            using var mark = workspace.Mark();
            var scratch = workspace.Take<float>(4 * task.Count);
            new Span<float>(scratch, checked((int)(4 * task.Count))).Clear();
            Apply(task, new(scratch, scratch + task.Count, scratch + (2 * task.Count), scratch + (3 * task.Count)), workspace);
        }
    }

    private TaskMemory At(long offset, float* gradient) => new(_weights + offset, gradient, Moment1.Data + offset, Moment2.Data + offset);

    private void Apply(in UpdateTask task, in TaskMemory memory, Workspace workspace)
    {
        if (IsMuons(task.Parameter))
            Muon(task, memory, workspace);
        else
            Adam(AdamNumbers(task.Parameter, _options.Beta1), memory, task.Count);
    }

    private void UpdateTouchedRows(int chunk)
    {
        var (table, first, end) = _lookups.Rows(chunk);
        var step = AdamNumbers(_tables[table], beta1: 0);
        for (var row = first; row < end; row++)
            Adam(step, At(_lookups.Offset(table, row), _lookups.Gradient(table, row)), _options.Width);
    }

    private void Adam(in AdamStep step, in TaskMemory memory, long count)
        => _kernels.Element.AdamW(step, memory.Weights, memory.Gradient, memory.Moment1, memory.Moment2, count);

    private AdamStep AdamNumbers(Parameter parameter, double beta1) =>
        UpdateNumbers.Adam(_options, parameter, beta1, Steps, _rateFactor, _gradientScale);

    private void Muon(in UpdateTask task, in TaskMemory memory, Workspace workspace)
    {
        using var mark = workspace.Mark();
        var parameter = task.Parameter;
        var weights = memory.Weights;
        var update = workspace.Take<float>(task.Count);
        var squares = _kernels.Element.NesterovMomentum(
            _gradientScale, (float)_momentum, memory.Gradient, memory.Moment1, update, task.Count);
        NewtonSchulz.Orthogonalize(update, squares, parameter.Rows / parameter.Parts, parameter.Columns, update, _kernels, workspace);
        if (_options.Optimizer == OptimizerKind.NorMuon)
            NormalizeRows(update, parameter, memory.Moment2, task.Count);

        var rate = UpdateNumbers.PeakRate(_options, parameter.Kind) * _rateFactor;
        if (_options.WeightDecay > 0)
            _kernels.Element.Scale((float)(1 - (rate * _options.WeightDecay)), weights, weights, task.Count);
        _kernels.Element.AddScaled((float)(-rate * UpdateNumbers.MuonShape(parameter)), update, weights, task.Count);
    }

    /// <summary>NorMuon (arXiv:2510.05491): every output moves about as far as the others, the whole matrix as far as before.</summary>
    /// <param name="update">[rows, columns], in place.</param>
    /// <param name="averages">[rows] running mean square of each row's updates.</param>
    private void NormalizeRows(float* update, Parameter parameter, float* averages, long count)
    {
        var columns = parameter.Columns;
        double before = 0, after = 0;
        for (var row = 0; row < count / columns; row++)
        {
            var at = update + ((long)row * columns);
            var squares = _kernels.Element.SumOfSquares(at, columns);
            averages[row] += (float)(((squares / columns) - averages[row]) * (1 - _options.Beta2));
            var scale = 1 / (Math.Sqrt(averages[row]) + _options.Epsilon);
            _kernels.Element.Scale((float)scale, at, at, columns);
            before += squares;
            after += squares * scale * scale;
        }
        _kernels.Element.Scale((float)Math.Sqrt(before / Math.Max(after, double.Epsilon)), update, update, count);
    }

    /// <summary>What one task works on.</summary>
    private readonly struct TaskMemory(float* weights, float* gradient, float* moment1, float* moment2)
    {
        public float* Weights { get; } = weights;

        public float* Gradient { get; } = gradient;

        public float* Moment1 { get; } = moment1;

        public float* Moment2 { get; } = moment2;
    }

    private readonly record struct UpdateTask(Parameter Parameter, long Offset, long Count);
}
