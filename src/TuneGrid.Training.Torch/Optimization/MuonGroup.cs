using TorchSharp;
using TuneGrid.Training.Model;
using TuneGrid.Training.Optimization;
using TuneGrid.Training.Torch.Devices;
using TuneGrid.Training.Torch.Model;

namespace TuneGrid.Training.Torch.Optimization;

/// <summary>The matrices of one shape, which Muon orthogonalizes together.</summary>
internal sealed class MuonGroup : IDisposable
{
    private readonly Matrix[] _matrices;
    private readonly TrainingOptions _options;
    private readonly TorchPrecision _precision;

    private MuonGroup(IEnumerable<Matrix> matrices, TrainingOptions options, TorchPrecision precision) =>
        (_matrices, _options, _precision) = ([.. matrices], options, precision);

    /// <summary>All of Muon's matrices; stacked ones, such as queries, keys and values, each alone.</summary>
    public static MuonGroup[] Of(ModelLayout layout, AdamTensors arenas, TorchPrecision precision) =>
        [.. Shapes(layout)
            .Select(g => new MuonGroup(g.Select(m => new Matrix(layout, m.Parameter, m.Part, arenas)), layout.Options, precision))];

    /// <summary>Returns the matrices by shape.</summary>
    internal static IEnumerable<IGrouping<(int Rows, int Columns), (Parameter Parameter, int Part)>> Shapes(ModelLayout layout) =>
        layout.Parameters.Where(p => UpdateNumbers.IsMuons(layout.Options, p))
            .SelectMany(p => Enumerable.Range(0, p.Parts).Select(part => (Parameter: p, Part: part)))
            .GroupBy(m => (m.Parameter.Rows / m.Parameter.Parts, m.Parameter.Columns));

    public void Update(double rate, double momentum)
    {
        // The next group finds the room that this one leaves.
        using var scope = torch.NewDisposeScope();
        var ahead = new List<torch.Tensor>();
        foreach (var matrix in _matrices)
        {
            matrix.Momentum.mul_(momentum).add_(matrix.Gradient, 1 - momentum);
            // Nesterov: look ahead along the momentum.
            ahead.Add((matrix.Gradient * (1 - momentum)).add_(matrix.Momentum, momentum));
        }
        var updates = BatchedNewtonSchulz.Orthogonalize(torch.stack(ahead), _precision);
        if (_options.Optimizer == OptimizerKind.NorMuon)
            updates = NormalizeRows(updates);
        for (var i = 0; i < _matrices.Length; i++)
        {
            if (_options.WeightDecay > 0)
                _matrices[i].Weights.mul_(1 - (rate * _options.WeightDecay));
            _matrices[i].Weights.add_(updates.select(0, i), -rate * _matrices[i].Shape);
        }
    }

    /// <summary>Makes whatever the library makes at first use; changes nothing.</summary>
    public void WarmUp()
    {
        using var scope = torch.NewDisposeScope();
        BatchedNewtonSchulz.Orthogonalize(torch.stack(_matrices.Select(m => m.Gradient)), _precision);
    }

    public void Dispose()
    {
        foreach (var matrix in _matrices)
            matrix.Dispose();
    }

    /// <summary>NorMuon (arXiv:2510.05491): every output moves about as far as the others, the whole matrix as far as before.</summary>
    /// <param name="updates">[n, rows, columns].</param>
    private torch.Tensor NormalizeRows(torch.Tensor updates)
    {
        var squares = updates.square().sum(2L);
        for (var i = 0; i < _matrices.Length; i++)
            _matrices[i].RowSquares.mul_(_options.Beta2).add_(squares.select(0, i), (1 - _options.Beta2) / updates.shape[2]);
        var scale = (torch.stack(_matrices.Select(m => m.RowSquares)).sqrt() + _options.Epsilon).reciprocal();
        var after = (squares * scale.square()).sum(1L, keepdim: true).clamp_min(float.Epsilon);
        return updates * (scale * (squares.sum(1L, keepdim: true) / after).sqrt()).unsqueeze(2);
    }

    private sealed class Matrix(ModelLayout layout, Parameter parameter, int part, AdamTensors arenas) : IDisposable
    {
        public torch.Tensor Weights { get; } = Part(parameter, part, arenas.Weights, 0);

        public torch.Tensor Gradient { get; } = Part(parameter, part, arenas.Gradients, layout.DenseStart);

        public torch.Tensor Momentum { get; } = Part(parameter, part, arenas.Moment1, 0);

        /// <summary>[rows] NorMuon's running mean square of each row's updates, at the front of the second moment.</summary>
        public torch.Tensor RowSquares { get; } = arenas.Moment2
            .narrow(0, parameter.Offset + (part * (parameter.Count / parameter.Parts)), parameter.Rows / parameter.Parts);

        public double Shape { get; } = UpdateNumbers.MuonShape(parameter);

        public void Dispose()
        {
            Weights.Dispose();
            Gradient.Dispose();
            Momentum.Dispose();
            RowSquares.Dispose();
        }

        private static torch.Tensor Part(Parameter parameter, int part, torch.Tensor arena, long start)
        {
            using var whole = ParameterViews.View(parameter, arena, start);
            var rows = parameter.Rows / parameter.Parts;
            return whole.narrow(0, part * rows, rows);
        }
    }
}
