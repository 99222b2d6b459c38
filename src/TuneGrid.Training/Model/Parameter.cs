namespace TuneGrid.Training.Model;

/// <summary>Which learning rate and which optimizer a parameter gets.</summary>
internal enum ParameterKind
{
    /// <summary>A matrix inside a block: Muon's.</summary>
    Hidden,

    /// <summary>A table indexed by token or position.</summary>
    Embedding,

    /// <summary>The untied output matrix.</summary>
    Head,

    /// <summary>Gains, biases, mixing weights: no weight decay.</summary>
    Vector,
}

/// <summary>One tensor of the model in the contiguous arena that all tensors share.</summary>
/// <param name="Rows">Outputs, for a matrix.</param>
/// <param name="Columns">Inputs, for a matrix.</param>
/// <param name="Offset">In elements from the start of the arena; a multiple of 16.</param>
/// <param name="Parts">How many matrices are stacked along the rows (each head's q, k and v); Muon orthogonalizes each alone.</param>
internal sealed record Parameter(int Index, string Name, int Rows, int Columns, long Offset, ParameterKind Kind, int Parts)
{
    public long Count => (long)Rows * Columns;

    public bool IsMatrix => Kind != ParameterKind.Vector;
}
