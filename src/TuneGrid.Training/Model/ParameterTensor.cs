namespace TuneGrid.Training.Model;

/// <summary>What a tensor is for; it decides the optimizer, the learning rate and the first values.</summary>
internal enum ParameterRole
{
    /// <summary>A lookup table, [entries, width].</summary>
    Table,

    /// <summary>The untied output matrix, [vocabulary, width].</summary>
    Head,

    /// <summary>A matrix inside a block, [out, in].</summary>
    Hidden,

    /// <summary>Gains, biases and mixing weights.</summary>
    Scalar,
}

/// <summary>One named tensor in the arena of all parameters.</summary>
/// <param name="Offset">Index of its first element in the arena, a multiple of 16.</param>
/// <param name="Deviation">Standard deviation of the first values; 0 fills with <paramref name="Fill"/>.</param>
/// <param name="Multiplier">The model computes with Multiplier times the stored values (mup).</param>
/// <param name="Parts">Equal row blocks that are matrices of their own (query, key, value; gate, up), for Muon.</param>
internal sealed record ParameterTensor(
    string Name, int Rows, int Columns, ParameterRole Role, long Offset, float Deviation, float Fill = 0, float Multiplier = 1, int Parts = 1)
{
    public long Count => (long)Rows * Columns;
}
