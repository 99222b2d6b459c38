using TuneGrid.Training.Kernels;
using TuneGrid.Training.Memory;
using TuneGrid.Training.Model;

namespace TuneGrid.Training.Optimization;

/// <summary>
/// The gradients of the <see cref="LookupTable"/>s: a row for each token of the batch, added up by table row in the batch's order. What a
/// step costs depends on its tokens, not on the size of the tables, and its bits on neither the number of threads nor their timing.
/// </summary>
internal sealed unsafe class LookupGradients : IDisposable
{
    private const int RowsPerChunk = 64;
    private readonly ModelLayout _layout;
    private readonly IElementKernels _element;
    private readonly int _tokens, _width, _chunksPerTable;
    private readonly RowGrouping? _byToken, _byPair;
    private readonly NativeBuffer? _embedding, _value;
    private readonly NativeBuffer[] _sums;

    public LookupGradients(ModelLayout layout, IElementKernels element)
    {
        (_layout, _element, _width) = (layout, element, layout.Options.Width);
        _tokens = layout.Options.BatchSize * layout.Options.Context;
        _chunksPerTable = (_tokens + RowsPerChunk - 1) / RowsPerChunk;
        var tables = layout.Lookups;
        _byToken = tables.Any(t => t.Key == LookupKey.Token) ? new RowGrouping(_tokens) : null;
        _byPair = tables.Any(t => t.Key == LookupKey.Pair) ? new RowGrouping(_tokens) : null;
        _embedding = tables.Any(t => t.Gradient == LookupGradient.Embedding) ? new NativeBuffer((long)_tokens * _width) : null;
        _value = tables.Any(t => t.Gradient == LookupGradient.Value) ? new NativeBuffer((long)_tokens * _width) : null;
        _sums = [.. tables.Select(t => new NativeBuffer(t.MostTouchedRows(layout.Options) * _width))];
    }

    /// <summary>[tokens, width] gradient of each token's embedding; null if no lookup table wants it.</summary>
    public float* Embedding => _embedding == null ? null : _embedding.Data;

    /// <summary>[tokens, width] gradient of each token's value embedding; null if no lookup table wants it.</summary>
    public float* Value => _value == null ? null : _value.Data;

    /// <summary>Pieces of work, each touching memory of its own; those beyond the rows that a batch touches are empty.</summary>
    public int Chunks => _chunksPerTable * _sums.Length;

    /// <summary>Finds the rows that a batch touches.</summary>
    /// <param name="inputs">[tokens] token ids.</param>
    public void Group(int* inputs, int tokens)
    {
        for (var i = 0; i < tokens; i++)
        {
            _byToken?.Set(i, (uint)inputs[i]);
            _byPair?.Set(i, PairHash.Row(inputs, i, _layout.Options.Context, _layout.Options.BigramBuckets));
        }
        _byToken?.Sort(tokens);
        _byPair?.Sort(tokens);
    }

    /// <summary>Adds up one chunk's rows; returns the sum of their squares.</summary>
    public double Sum(int chunk)
    {
        var (table, first, end) = Rows(chunk);
        var grouping = Grouping(table);
        var source = _layout.Lookups[table].Gradient == LookupGradient.Value ? _value! : _embedding!;
        for (var row = first; row < end; row++)
        {
            var sum = Gradient(table, row);
            var tokens = grouping.Tokens(row);
            _element.Scale(1, source.Data + ((uint)tokens[0] * (long)_width), sum, _width);
            foreach (var token in tokens[1..])
                _element.AddScaled(1, source.Data + ((uint)token * (long)_width), sum, _width);
        }
        return first < end ? _element.SumOfSquares(Gradient(table, first), (long)(end - first) * _width) : 0;
    }

    /// <summary>A chunk's table and its share of the rows that the batch touches.</summary>
    public (int Table, int First, int End) Rows(int chunk)
    {
        var table = chunk / _chunksPerTable;
        var first = chunk % _chunksPerTable * RowsPerChunk;
        return (table, first, Math.Min(first + RowsPerChunk, Grouping(table).Count));
    }

    /// <summary>Where touched row number <paramref name="row"/> of a table begins in the arena.</summary>
    public long Offset(int table, int row) => _layout.Lookups[table].Parameter.Offset + (Grouping(table).Row(row) * _width);

    /// <summary>[width] its summed gradient.</summary>
    public float* Gradient(int table, int row) => _sums[table].Data + ((long)row * _width);

    /// <summary>Rows of a table that the batch touches.</summary>
    public int Touched(int table) => Grouping(table).Count;

    public void Dispose()
    {
        _embedding?.Dispose();
        _value?.Dispose();
        foreach (var sum in _sums)
            sum.Dispose();
    }

    private RowGrouping Grouping(int table) => _layout.Lookups[table].Key == LookupKey.Token ? _byToken! : _byPair!;
}
