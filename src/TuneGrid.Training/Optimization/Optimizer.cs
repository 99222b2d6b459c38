using TuneGrid.Training.Kernels;
using TuneGrid.Training.Model;
using TuneGrid.Training.Threading;

namespace TuneGrid.Training.Optimization;

/// <summary>
/// AdamW for every parameter, or Muon for the hidden matrices and AdamW for the rest. The update is cut into tasks that touch disjoint memory, so any thread
/// may take any of them and the bits stay the same.
/// </summary>
internal sealed unsafe class Optimizer : IDisposable
{
    private const long ChunkElements = 32 * 1024;
    private readonly TrainingOptions _options;
    private readonly KernelSet _kernels;
    private readonly WorkerPool _pool;
    private readonly PhaseClock[] _clocks;
    private readonly UpdateTask[] _tasks;
    private readonly Action<int> _body;
    private float* _weights, _gradients;
    private double _rateFactor, _momentum;
    private float _gradientScale;
    private int _next;

    public Optimizer(ModelLayout layout, KernelSet kernels, WorkerPool pool, PhaseClock[] clocks)
    {
        (_options, _kernels, _pool, _clocks) = (layout.Options, kernels, pool, clocks);
        Moment1 = new NativeBuffer(layout.ArenaCount);
        Moment2 = new NativeBuffer(layout.ArenaCount);
        // The orthogonalizations come first, the largest ahead: whoever is free then fills the gaps with small chunks.
        _tasks = [.. layout.Parameters.Where(IsMuons).SelectMany(MuonTasks).OrderByDescending(t => t.Count), .. layout.Parameters.Where(p => !IsMuons(p)).SelectMany(AdamTasks)];
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

    public void Dispose()
    {
        Moment1.Dispose();
        Moment2.Dispose();
    }

    private bool IsMuons(Parameter parameter) => _options.Optimizer == OptimizerKind.Muon && parameter.Kind == ParameterKind.Hidden;

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
        for (int i; (i = Interlocked.Increment(ref _next)) < _tasks.Length;)
        {
            if (IsMuons(_tasks[i].Parameter))
                Muon(_tasks[i], _pool.Workspace(thread));
            else
                Adam(_tasks[i]);
        }
        _clocks[thread].Switch(StepPhase.Other);
    }

    private void Adam(in UpdateTask task)
    {
        var (beta1, beta2) = (_options.Beta1, _options.Beta2);
        var step = new AdamStep(
            (float)(PeakRate(task.Parameter.Kind) * _rateFactor), (float)beta1, (float)beta2,
            (float)_options.Epsilon,
            task.Parameter.IsMatrix ? (float)_options.WeightDecay : 0,
            (float)(1 - Math.Pow(beta1, Steps)), (float)(1 - Math.Pow(beta2, Steps)), _gradientScale);
        _kernels.Element.AdamW(step, _weights + task.Offset, _gradients + task.Offset, Moment1.Data + task.Offset, Moment2.Data + task.Offset, task.Count);
    }

    private void Muon(in UpdateTask task, Workspace workspace)
    {
        using var mark = workspace.Mark();
        var parameter = task.Parameter;
        var gradient = _gradients + task.Offset;
        var momentum = Moment1.Data + task.Offset;
        var update = workspace.Take<float>(task.Count);
        if (_gradientScale != 1)
            _kernels.Element.Scale(_gradientScale, gradient, gradient, task.Count);
        _kernels.Element.Lerp((float)(1 - _momentum), gradient, momentum, task.Count);
        // Nesterov: look ahead along the momentum.
        _kernels.Element.Scale(1, gradient, update, task.Count);
        _kernels.Element.Lerp((float)_momentum, momentum, update, task.Count);
        NewtonSchulz.Orthogonalize(update, parameter.Rows / parameter.Parts, parameter.Columns, update, NewtonSchulz.DefaultSteps, _kernels, workspace);

        var rate = PeakRate(parameter.Kind) * _rateFactor;
        if (_options.WeightDecay > 0)
            _kernels.Element.Scale((float)(1 - (rate * _options.WeightDecay)), _weights + task.Offset, _weights + task.Offset, task.Count);
        var shape = Math.Sqrt(Math.Max(1, (double)parameter.Rows / parameter.Columns));
        _kernels.Element.AddScaled((float)(-rate * shape), update, _weights + task.Offset, task.Count);
    }

    private double PeakRate(ParameterKind kind)
    {
        var own = kind switch
        {
            ParameterKind.Embedding => _options.EmbeddingLearningRate,
            ParameterKind.Head => _options.HeadLearningRate,
            ParameterKind.Vector => _options.ScalarLearningRate,
            // AdamW's update does not shrink with width by itself, Muon's does.
            _ when _options.Parametrization == Parametrization.Mup && _options.Optimizer == OptimizerKind.AdamW => _options.LearningRate * MupScale.BaseWidth / _options.Width,
            _ => 0,
        };
        return own > 0 ? own : _options.LearningRate;
    }

    private readonly record struct UpdateTask(Parameter Parameter, long Offset, long Count);
}
