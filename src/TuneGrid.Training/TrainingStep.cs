using TuneGrid.Training.Corpora;
using TuneGrid.Training.Engines;
using TuneGrid.Training.Kernels;
using TuneGrid.Training.Memory;
using TuneGrid.Training.Model;
using TuneGrid.Training.Optimization;
using TuneGrid.Training.Threading;
using TuneGrid.Training.Tokenization;

namespace TuneGrid.Training;

/// <summary>
/// One optimizer step over one batch: pack the weights, take every group of sequences forward and backward, add up the gradients, update,
/// average. Holds all native memory of a run. Nothing is allocated once it is built.
/// </summary>
internal sealed unsafe class TrainingStep : ITrainingStep
{
    private readonly TrainingOptions _options;
    private readonly TrainingWindows _windows;
    private readonly IElementKernels _element;
    private readonly RotaryTable? _rotary;
    private readonly NativeBuffer[] _gradients;
    private readonly Parameter[] _added;
    private readonly NativeBuffer _batch;
    private readonly PackedWeights _packed;
    private readonly LookupGradients _lookups;
    private readonly GradientReduction _reduction;
    private readonly double[] _nats;
    private readonly int _groupSize;
    private readonly ulong _seed;
    private readonly StepState _state;
    private readonly Action<int> _gradientBody, _averageBody;
    private BatchPlan _plan;
    private float _averageWeight;

    public TrainingStep(ModelLayout layout, TokenSequence text, TrainerSettings settings, ulong seed)
    {
        var pool = new WorkerPool(settings.Threads);
        (Layout, _options, Pool, _seed, _element) = (layout, layout.Options, pool, seed, settings.Kernels.Element);
        _windows = new TrainingWindows(text, _options, seed);
        _groupSize = SequenceGroups.SequencesPerGroup(_options, pool.Threads);
        var workers = Math.Min(pool.Threads, SequenceGroups.Count(_options, pool.Threads));
        Weights = new NativeBuffer(layout.ArenaCount);
        Average = new NativeBuffer(layout.ArenaCount);
        _gradients = [.. Enumerable.Range(0, workers).Select(_ => new NativeBuffer(layout.ArenaCount - layout.DenseStart))];
        _added = [.. layout.Parameters.Where(p => !layout.IsLookup(p) && !layout.IsMultiplied(p))];
        _lookups = new LookupGradients(layout, _element);
        // Three ints a token: input, target, first visible position.
        _batch = new NativeBuffer(3L * _options.BatchSize * _options.Context);
        _packed = new PackedWeights(layout, settings.Kernels.Matrix, bothDirections: true);
        _rotary = _options.Position == PositionKind.Rope ? new RotaryTable(_options.Context, layout.HeadWidth, _options.RopeBase) : null;
        Clocks = [.. Enumerable.Range(0, pool.Threads).Select(_ => new PhaseClock())];
        Passes = [.. Enumerable.Range(0, workers).Select(t =>
            new SequencePass(layout, settings.Kernels, _packed, _rotary, pool.Workspace(t), Clocks[t], _groupSize * _options.Context))];
        Optimizer = new NativeOptimizer(layout, settings.Kernels, _lookups, pool, Clocks);
        _state = new StepState(Weights, Average, Optimizer.Moment1, Optimizer.Moment2);
        _reduction = new GradientReduction(_gradients, _lookups, _element, pool);
        _nats = new double[SequenceGroups.Count(_options, pool.Threads)];
        _gradientBody = GradientShare;
        _averageBody = AverageShare;
    }

    public ModelLayout Layout { get; }

    public WorkerPool Pool { get; }

    /// <summary>[arena] the weights being trained.</summary>
    public NativeBuffer Weights { get; }

    /// <summary>[arena] their running average, which rung scores are taken from.</summary>
    public NativeBuffer Average { get; }

    public NativeOptimizer Optimizer { get; }

    public SequencePass[] Passes { get; }

    /// <summary>Where each thread's time goes.</summary>
    public PhaseClock[] Clocks { get; }

    public long Steps { get => Optimizer.Steps; set => Optimizer.Steps = value; }

    public double Gradients(in BatchPlan plan)
    {
        _plan = plan;
        _packed.Pack(Weights.Data, Pool);
        Pool.Run(_gradientBody);
        var nats = 0.0;
        for (var group = 0; group < Groups; group++)
            nats += _nats[group];
        return nats / Tokens;
    }

    public void Update(double spent)
    {
        Optimizer.Update(Weights.Data, Dense(0), UpdateNumbers.ClipScale(_options, Reduce()), spent);
        if (_options.Averaging <= 0 || Optimizer.Steps % Schedule.StepsPerAveraging != 0)
            return;
        _averageWeight = Schedule.AverageWeight(_options, Optimizer.Steps, Schedule.StepsPerAveraging, spent);
        Pool.Run(_averageBody);
    }

    public NativeBuffer ScoredWeights(double spent)
    {
        var isAveraged = _options.Averaging > 0;
        var scored = new NativeBuffer(Weights.Count);
        _element.Scale(1, (isAveraged ? Average : Weights).Data, scored.Data, scored.Count);
        if (isAveraged && Optimizer.Steps % Schedule.StepsPerAveraging is > 0 and var pending)
            _element.Lerp(Schedule.AverageWeight(_options, Optimizer.Steps, pending, spent), Weights.Data, scored.Data, scored.Count);
        return scored;
    }

    public void WarmUpUpdate()
    {
        Reduce();
        Optimizer.WarmUp();
    }

    /// <summary>Adds up what <see cref="Gradients"/> left; returns the sum's norm.</summary>
    internal double Reduce() => _reduction.Reduce((int*)_batch.Data, Tokens);

    /// <summary>[count] the gradient of a parameter, once <see cref="Reduce"/> added it up.</summary>
    internal float[] Gradient(Parameter parameter)
    {
        if (!Layout.IsLookup(parameter))
            return new ReadOnlySpan<float>(Dense(0) + parameter.Offset, (int)parameter.Count).ToArray();
        var gradient = new float[parameter.Count];
        var table = Layout.Lookups.Select(t => t.Parameter).ToList().IndexOf(parameter);
        for (var row = 0; row < _lookups.Touched(table); row++)
            new ReadOnlySpan<float>(_lookups.Gradient(table, row), parameter.Columns)
                .CopyTo(gradient.AsSpan((int)(_lookups.Offset(table, row) - parameter.Offset)));
        return gradient;
    }

    public void Show(Action<StepState> read) => read(_state);

    public void Fill(Action<StepState> write) => write(_state);

    public Evaluation Evaluate(TokenSequence text, long maxTokens, Tokenizer tokenizer, double spent, CancellationToken cancellation)
    {
        using var weights = ScoredWeights(spent);
        // Until the next step packs its own.
        _packed.Pack(weights.Data, Pool);
        return Evaluator.Score(text, maxTokens, _options.Context, tokenizer, Passes, weights.Data, Pool, cancellation);
    }

    public void Dispose()
    {
        Weights.Dispose();
        Average.Dispose();
        foreach (var gradient in _gradients)
            gradient.Dispose();
        foreach (var pass in Passes)
            pass.Dispose();
        _batch.Dispose();
        _packed.Dispose();
        _lookups.Dispose();
        _rotary?.Dispose();
        Optimizer.Dispose();
        Pool.Dispose();
    }

    private int Groups => (_plan.Sequences + _groupSize - 1) / _groupSize;

    private int Tokens => _plan.Sequences * _options.Context;

    /// <summary>[arena] what one thread accumulated; the part before <see cref="ModelLayout.DenseStart"/> is not there.</summary>
    private float* Dense(int thread) => _gradients[thread].Data - Layout.DenseStart;

    /// <summary>One thread's groups: which ones depends only on its number, so its sums are the same every time.</summary>
    private void GradientShare(int thread)
    {
        if (thread >= Passes.Length)
            return;
        ClearGradients(thread);
        var (context, capacity) = (_options.Context, _options.BatchSize * _options.Context);
        for (var group = thread; group < Groups; group += Passes.Length)
        {
            var first = group * _groupSize;
            var sequences = Math.Min(_groupSize, _plan.Sequences - first);
            var inputs = (int*)_batch.Data + ((long)first * context);
            var targets = inputs + capacity;
            var visible = TrainingWindows.AreCut(_options) ? targets + capacity : null;
            for (var s = 0; s < sequences; s++)
            {
                var at = s * context;
                _windows.Fill(
                    _plan.FirstSequence + first + s, _plan.Segment, inputs + at, targets + at, visible == null ? null : visible + at);
            }
            var key = Dropout.Key(_seed, _plan.Step, group);
            var row = (long)first * context * _options.Width;
            var gradients = new GradientTarget(
                Dense(thread), _lookups.Embedding == null ? null : _lookups.Embedding + row,
                _lookups.Value == null ? null : _lookups.Value + row, adds: group > thread);
            _nats[group] = Passes[thread].Train(
                new SequenceGroup(inputs, targets, visible, sequences, context, key), Weights.Data, gradients, 1f / Tokens);
        }
    }

    /// <summary>
    /// All but the matrices, which a thread's first group overwrites: clearing them and adding to them would be a trip through memory each.
    /// </summary>
    private void ClearGradients(int thread)
    {
        if (thread >= Groups)
        {
            _gradients[thread].Clear();
            return;
        }
        foreach (var parameter in _added)
            new Span<float>(Dense(thread) + parameter.Offset, (int)parameter.Count).Clear();
    }

    private void AverageShare(int thread)
    {
        var share = (Weights.Count + Pool.Threads - 1) / Pool.Threads;
        var start = Math.Min(Weights.Count, share * thread);
        _element.Lerp(_averageWeight, Weights.Data + start, Average.Data + start, Math.Min(share, Weights.Count - start));
    }
}
