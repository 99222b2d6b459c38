using TorchSharp;
using TuneGrid.Training.Model;
using TuneGrid.Training.Optimization;
using TuneGrid.Training.Torch.Devices;

namespace TuneGrid.Training.Torch.Model;

/// <summary>
/// The bigram table of a step. Where it is a lookup table, only the rows that the batch touches take part in autograd, so that a step costs
/// what its tokens cost and not what the table does.
/// </summary>
internal sealed unsafe class BigramRows(ModelLayout layout, torch.Device device) : IDisposable
{
    private readonly TrainingOptions _options = layout.Options;
    private readonly RowGrouping _grouping = new(layout.Options.BatchSize * layout.Options.Context);

    /// <summary>
    /// [touched] row numbers and [touched, width] their weights with the gradient; null before the first <see cref="Take"/>, or for a dense
    /// table.
    /// </summary>
    public (torch.Tensor Indices, torch.Tensor Weights)? Touched { get; private set; }

    /// <summary>[batch * context] row of each pair.</summary>
    public static void Pairs(ReadOnlySpan<int> inputs, int length, int buckets, Span<long> rows)
    {
        fixed (int* tokens = inputs)
        {
            for (var i = 0; i < rows.Length; i++)
                rows[i] = PairHash.Row(tokens, i, length, buckets);
        }
    }

    /// <summary>What the model looks up and where, for a batch.</summary>
    /// <param name="table">[buckets, width].</param>
    public (torch.Tensor Table, torch.Tensor Pairs) Take(ReadOnlySpan<int> inputs, torch.Tensor table)
    {
        Clear();
        var pairs = torch.empty([inputs.Length], torch.ScalarType.Int64);
        var rows = HostMemory.Integers(pairs);
        Pairs(inputs, _options.Context, _options.BigramBuckets, rows);
        if (!layout.IsLookup(layout.Bigram!))
            return (table, pairs.to(device));

        var touched = Group(rows);
        var weights = table.index_select(0, touched).detach();
        weights.requires_grad = true;
        Touched = (touched.DetachFromDisposeScope(), weights.DetachFromDisposeScope());
        return (weights, pairs.to(device));
    }

    public void Dispose() => Clear();

    private void Clear()
    {
        Touched?.Indices.Dispose();
        Touched?.Weights.Dispose();
        Touched = null;
    }

    /// <summary>Replaces each row number by its place among the distinct ones, which it returns.</summary>
    private torch.Tensor Group(Span<long> rows)
    {
        for (var i = 0; i < rows.Length; i++)
            _grouping.Set(i, (uint)rows[i]);
        _grouping.Sort(rows.Length);
        var touched = torch.empty([_grouping.Count], torch.ScalarType.Int64);
        var numbers = HostMemory.Integers(touched);
        for (var row = 0; row < _grouping.Count; row++)
        {
            numbers[row] = _grouping.Row(row);
            foreach (var token in _grouping.Tokens(row))
                rows[(int)(uint)token] = row;
        }
        return touched.to(device);
    }
}
