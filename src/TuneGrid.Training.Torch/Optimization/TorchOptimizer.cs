using TorchSharp;
using TuneGrid.Training.Model;
using TuneGrid.Training.Optimization;
using TuneGrid.Training.Torch.Devices;
using TuneGrid.Training.Torch.Model;

namespace TuneGrid.Training.Torch.Optimization;

/// <summary>
/// The update of <see cref="NativeOptimizer"/>: AdamW for every parameter, or Muon for the hidden matrices and AdamW for the rest, and of a
/// lookup table only for the rows that the batch touched, without a first moment. TorchSharp's own optimizers know neither the schedule nor
/// the arena.
/// </summary>
internal sealed class TorchOptimizer : IDisposable
{
    private readonly TrainingOptions _options;
    private readonly AdamTensors _arenas;
    private readonly List<AdamRange> _ranges = [];
    private readonly MuonGroup[] _groups;
    private readonly Parameter? _bigram;
    private readonly AdamTensors? _table;

    /// <param name="arenas">[arena] each, but the gradients, which begin at <see cref="ModelLayout.DenseStart"/>. The caller's to
    /// dispose.</param>
    public TorchOptimizer(ModelLayout layout, AdamTensors arenas, TorchPrecision precision)
    {
        (_options, _arenas) = (layout.Options, arenas);
        _groups = MuonGroup.Of(layout, arenas, precision);
        foreach (var run in Runs(layout))
        {
            var (start, count) = (run[0].Offset, run[^1].Offset + run[^1].Count - run[0].Offset);
            _ranges.Add(new(run[0], new(
                arenas.Weights.narrow(0, start, count), arenas.Gradients.narrow(0, start - layout.DenseStart, count),
                arenas.Moment1.narrow(0, start, count), arenas.Moment2.narrow(0, start, count))));
        }
        if (layout.Bigram is not { } bigram || !layout.IsLookup(bigram))
            return;
        _bigram = bigram;
        _table = new(
            ParameterViews.View(bigram, arenas.Weights, 0), arenas.Gradients,
            ParameterViews.View(bigram, arenas.Moment1, 0), ParameterViews.View(bigram, arenas.Moment2, 0));
    }

    /// <summary>Updates done so far.</summary>
    public long Steps { get; set; }

    /// <param name="spent">Share of the budget that is spent, 0..1.</param>
    public void Update(double spent, BigramRows? bigrams)
    {
        using var scope = torch.NewDisposeScope();
        using var off = torch.no_grad();
        Steps++;
        var factor = Schedule.RateFactor(_options, spent);
        var touched = bigrams?.Touched;
        var rows = touched?.Weights.grad;
        if (_options.GradientClip > 0)
            Clip(rows);
        foreach (var range in _ranges)
            AdamW.Apply(UpdateNumbers.Adam(_options, range.First, _options.Beta1, Steps, factor, 1), range.Tensors);
        var rate = UpdateNumbers.PeakRate(_options, ParameterKind.Hidden) * factor;
        foreach (var group in _groups)
            group.Update(rate, Schedule.Momentum(_options, spent));
        if (touched is { } table && rows is not null)
            MoveRows(table.Indices, rows, factor);
    }

    /// <summary>Changes nothing.</summary>
    public void WarmUp()
    {
        using var scope = torch.NewDisposeScope();
        using var off = torch.no_grad();
        foreach (var group in _groups)
            group.WarmUp();
    }

    public void Dispose()
    {
        foreach (var group in _groups)
            group.Dispose();
        foreach (var (_, tensors) in _ranges)
        {
            tensors.Gradients.Dispose();
            Dispose(tensors);
        }
        if (_table is { } table)
            Dispose(table);
    }

    /// <summary>
    /// Neighbours in the arena with the same rate and decay, as AdamW moves them in one go; padding between them has no gradient and stays
    /// zero.
    /// </summary>
    private static List<List<Parameter>> Runs(ModelLayout layout)
    {
        var runs = new List<List<Parameter>>();
        foreach (var parameter in layout.Parameters.Where(p => !UpdateNumbers.IsMuons(layout.Options, p) && !layout.IsLookup(p)))
        {
            if (runs.Count > 0 && runs[^1][^1] is var last && last.Index + 1 == parameter.Index && last.Kind == parameter.Kind)
                runs[^1].Add(parameter);
            else
                runs.Add([parameter]);
        }
        return runs;
    }

    private void Clip(torch.Tensor? rows)
    {
        var squares = _arenas.Gradients.square().sum();
        if (rows is not null)
            squares += rows.square().sum();
        var scale = UpdateNumbers.ClipScale(_options, Math.Sqrt(squares.item<float>()));
        if (scale == 1)
            return;
        _arenas.Gradients.mul_(scale);
        rows?.mul_(scale);
    }

    private void MoveRows(torch.Tensor indices, torch.Tensor gradient, double factor)
    {
        var table = _table!.Value;
        var rows = new AdamTensors(
            table.Weights.index_select(0, indices), gradient, torch.zeros_like(gradient), table.Moment2.index_select(0, indices));
        AdamW.Apply(UpdateNumbers.Adam(_options, _bigram!, beta1: 0, Steps, factor, 1), rows);
        table.Weights.index_copy_(0, indices, rows.Weights);
        table.Moment1.index_copy_(0, indices, rows.Moment1);
        table.Moment2.index_copy_(0, indices, rows.Moment2);
    }

    private static void Dispose(AdamTensors tensors)
    {
        tensors.Weights.Dispose();
        tensors.Moment1.Dispose();
        tensors.Moment2.Dispose();
    }

    private sealed record AdamRange(Parameter First, AdamTensors Tensors);
}
