using System.Runtime.InteropServices;
using TorchSharp;
using TuneGrid.Training.Corpora;
using TuneGrid.Training.Engines;
using TuneGrid.Training.Memory;
using TuneGrid.Training.Model;
using TuneGrid.Training.Optimization;
using TuneGrid.Training.Tokenization;
using TuneGrid.Training.Torch.Devices;
using TuneGrid.Training.Torch.Model;
using TuneGrid.Training.Torch.Optimization;

namespace TuneGrid.Training.Torch;

/// <summary>
/// One optimizer step over one batch with libtorch. What lives longer than a call is made in the constructor and disposed here; the rest in
/// the call's scope.
/// </summary>
internal sealed unsafe class TorchStep : ITrainingStep
{
    private readonly ModelLayout _layout;
    private readonly TrainingOptions _options;
    private readonly torch.Device _device;
    private readonly torch.Tensor _weights, _average, _gradients, _moment1, _moment2;
    private readonly ParameterViews _views;
    private readonly TorchModel _model;
    private readonly TokenBatch _batch;
    private readonly BigramRows? _bigrams;
    private readonly DropoutMasks? _dropout;
    private readonly TorchOptimizer _optimizer;

    public TorchStep(
        ModelLayout layout, TokenSequence text, TrainerSettings settings, ulong seed, torch.Device device, TorchPrecision precision)
    {
        (_layout, _options, _device) = (layout, layout.Options, device);
        torch.set_num_threads(settings.Threads);
        _weights = Arena(layout.ArenaCount);
        _average = Arena(layout.ArenaCount);
        _moment1 = Arena(layout.ArenaCount);
        _moment2 = Arena(layout.ArenaCount);
        _gradients = Arena(layout.ArenaCount - layout.DenseStart);
        _views = new ParameterViews(layout, _weights, _gradients);
        _model = new TorchModel(layout, device, precision);
        _batch = new TokenBatch(_options, text, seed, device);
        _bigrams = layout.Bigram is null ? null : new BigramRows(layout, device);
        _dropout = _options.Dropout > 0 ? new DropoutMasks(_options, settings.Threads, seed, device) : null;
        _optimizer = new TorchOptimizer(layout, new(_weights, _gradients, _moment1, _moment2), precision);
    }

    public long Steps { get => _optimizer.Steps; set => _optimizer.Steps = value; }

    public double Gradients(in BatchPlan plan)
    {
        var batch = plan;
        return Guarded(() => Train(batch));
    }

    private double Train(in BatchPlan plan)
    {
        using var scope = torch.NewDisposeScope();
        _gradients.zero_();
        var (tokens, targets, firstVisible) = _batch.Fill(plan);
        var (table, pairs) = _bigrams is null ? default : _bigrams.Take(_batch.Inputs, _views[_layout.Bigram!]);
        if (_dropout is not null)
            _dropout.Batch = plan;
        var logits = _model.Logits(new(tokens, table, pairs, firstVisible, _dropout), _views);
        var loss = torch.nn.functional.cross_entropy(logits, targets);
        loss.backward();
        return loss.item<float>();
    }

    public void Update(double spent) => Guarded(() =>
    {
        _optimizer.Update(spent, _bigrams);
        if (_options.Averaging > 0 && Steps % Schedule.StepsPerAveraging == 0)
            TakeIn(_average, Schedule.StepsPerAveraging, spent);
        Wait();
        return true;
    });

    public void WarmUpUpdate() => Guarded(() =>
    {
        _optimizer.WarmUp();
        Wait();
        return true;
    });

    public void Show(Action<StepState> read) => Guarded(() => Exchange(state =>
    {
        foreach (var (tensor, buffer) in Pairs(state))
            HostMemory.Download(tensor, buffer.Data);
        read(state);
    }));

    public void Fill(Action<StepState> write) => Guarded(() => Exchange(state =>
    {
        write(state);
        foreach (var (tensor, buffer) in Pairs(state))
            HostMemory.Upload(buffer.Data, tensor);
    }));

    public NativeBuffer ScoredWeights(double spent) => Guarded(() =>
    {
        using var scored = Scored(spent);
        var buffer = new NativeBuffer(_layout.ArenaCount);
        HostMemory.Download(scored, buffer.Data);
        return buffer;
    });

    public Evaluation Evaluate(
        TokenSequence text, long maxTokens, Tokenizer tokenizer, double spent, CancellationToken cancellation) => Guarded(() =>
    {
        using var scored = Scored(spent);
        using var views = new ParameterViews(_layout, scored, null);
        return new TorchEvaluator(_layout, _model, views, _device).Score(text, maxTokens, tokenizer, cancellation);
    });

    /// <summary>[count] the gradient that <see cref="Gradients"/> left of a parameter.</summary>
    internal float[] Gradient(Parameter parameter)
    {
        using var scope = torch.NewDisposeScope();
        if (!_layout.IsLookup(parameter))
            return ParameterViews.View(parameter, _gradients, _layout.DenseStart).cpu().data<float>().ToArray();
        var (indices, weights) = _bigrams!.Touched!.Value;
        var whole = torch.zeros([parameter.Rows, parameter.Columns], torch.ScalarType.Float32, _device);
        return whole.index_copy_(0, indices, weights.grad!).cpu().data<float>().ToArray();
    }

    public void Dispose()
    {
        _optimizer.Dispose();
        _bigrams?.Dispose();
        _batch.Dispose();
        _model.Dispose();
        _views.Dispose();
        foreach (var arena in (ReadOnlySpan<torch.Tensor>)[_weights, _average, _gradients, _moment1, _moment2])
            arena.Dispose();
    }

    private torch.Tensor Arena(long count) => torch.zeros([count], torch.ScalarType.Float32, _device);

    private IEnumerable<(torch.Tensor Tensor, NativeBuffer Buffer)> Pairs(StepState state) =>
        [(_weights, state.Weights), (_average, state.Average), (_moment1, state.Moment1), (_moment2, state.Moment2)];

    private bool Exchange(Action<StepState> exchange)
    {
        var count = _layout.ArenaCount;
        using NativeBuffer weights = new(count), average = new(count), moment1 = new(count), moment2 = new(count);
        exchange(new(weights, average, moment1, moment2));
        return true;
    }

    /// <summary>[arena] on the device, the caller's to dispose.</summary>
    private torch.Tensor Scored(double spent)
    {
        if (_options.Averaging <= 0)
            return _weights.clone();
        var scored = _average.clone();
        if (Steps % Schedule.StepsPerAveraging is > 0 and var pending)
            TakeIn(scored, pending, spent);
        return scored;
    }

    private void TakeIn(torch.Tensor average, long steps, double spent)
    {
        var weight = Schedule.AverageWeight(_options, Steps, steps, spent);
        average.mul_(1 - weight).add_(_weights, weight);
    }

    /// <summary>The clock counts what is computed, not what is queued: reading a number waits for all that is queued before it.</summary>
    private void Wait()
    {
        if (_device.type == DeviceType.CPU)
            return;
        using var scope = torch.NewDisposeScope();
        _ = _weights.narrow(0, 0, 1).item<float>();
    }

    /// <summary>Turns the library's complaints, which carry its own stack over many lines, into what the trainer's callers know.</summary>
    private T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (ExternalException e)
        {
            var line = e.Message.Split('\n')[0].Trim();
            if (line.Contains("out of memory", StringComparison.OrdinalIgnoreCase)
                || line.Contains("allocate memory", StringComparison.OrdinalIgnoreCase)
                || line.Contains("not enough memory", StringComparison.OrdinalIgnoreCase))
            {
                throw new TrainingRefusedException(
                    $"the run does not fit in the memory of {_device} ({line}): "
                    + "make width, depth, batch_size, context or vocabulary smaller")
                {
                    IsForMemory = true,
                };
            }
            throw new InvalidOperationException($"libtorch: {line}", e);
        }
    }
}
