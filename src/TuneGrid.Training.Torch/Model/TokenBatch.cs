using TorchSharp;
using TuneGrid.Training.Corpora;
using TuneGrid.Training.Model;
using TuneGrid.Training.Optimization;
using TuneGrid.Training.Torch.Devices;

namespace TuneGrid.Training.Torch.Model;

/// <summary>The sequences of one step: cut from the text exactly as our own engine cuts them.</summary>
internal sealed unsafe class TokenBatch : IDisposable
{
    private readonly TrainingOptions _options;
    private readonly TrainingWindows _windows;
    private readonly torch.Device _device;
    private readonly int[] _inputs, _following, _firstVisible;
    private int _filled;
    private readonly torch.Tensor _tokens, _targets, _first;

    public TokenBatch(TrainingOptions options, TokenSequence text, ulong seed, torch.Device device)
    {
        (_options, _windows, _device) = (options, new TrainingWindows(text, options, seed), device);
        var count = options.BatchSize * options.Context;
        (_inputs, _following, _firstVisible) = (new int[count], new int[count], new int[count]);
        _tokens = torch.empty([options.BatchSize, options.Context], torch.ScalarType.Int64);
        _targets = torch.empty([count], torch.ScalarType.Int64);
        _first = torch.empty([options.BatchSize, options.Context], torch.ScalarType.Int64);
    }

    /// <summary>[sequences * context] token ids of the last <see cref="Fill"/>.</summary>
    public ReadOnlySpan<int> Inputs => _inputs.AsSpan(0, _filled * _options.Context);

    /// <summary>
    /// A batch, on the device: [sequences, context] tokens, [sequences * context] targets, first visible positions or null.
    /// </summary>
    public (torch.Tensor Tokens, torch.Tensor Targets, torch.Tensor? FirstVisible) Fill(in BatchPlan plan)
    {
        var (context, isCut) = (_options.Context, TrainingWindows.AreCut(_options));
        _filled = plan.Sequences;
        fixed (int* inputs = _inputs, targets = _following, visible = _firstVisible)
        {
            for (var s = 0; s < plan.Sequences; s++)
                _windows.Fill(plan.FirstSequence + s, plan.Segment, inputs + (s * context),
                    targets + (s * context), isCut ? visible + (s * context) : null);
        }
        Widen(_inputs, _tokens);
        Widen(_following, _targets);
        if (isCut)
            Widen(_firstVisible, _first);
        return (Filled(_tokens, _filled), Filled(_targets, _filled * context), isCut ? Filled(_first, _filled) : null);
    }

    public void Dispose()
    {
        _tokens.Dispose();
        _targets.Dispose();
        _first.Dispose();
    }

    private static void Widen(int[] source, torch.Tensor target)
    {
        var wide = HostMemory.Integers(target);
        for (var i = 0; i < source.Length; i++)
            wide[i] = source[i];
    }

    private torch.Tensor Filled(torch.Tensor host, long rows)
    {
        var filled = host.narrow(0, 0, rows);
        return _device.type == DeviceType.CPU ? filled : filled.to(_device);
    }
}
