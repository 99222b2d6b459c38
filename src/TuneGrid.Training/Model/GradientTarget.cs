namespace TuneGrid.Training.Model;

/// <summary>Where one group's backward pass leaves its gradients.</summary>
/// <param name="arena">[arena] the part before <see cref="ModelLayout.DenseStart"/> is not there.</param>
/// <param name="embedding">
/// [rows, width] per token of the group, overwritten: for the <see cref="LookupTable"/>s. Null if none wants it.
/// </param>
/// <param name="value">[rows, width] likewise, of the value embedding.</param>
/// <param name="adds">Whether the matrices' gradients are added to what lies there, or overwrite it. All other gradients are added.</param>
internal readonly unsafe struct GradientTarget(float* arena, float* embedding, float* value, bool adds)
{
    public float* Arena { get; } = arena;

    public float* Embedding { get; } = embedding;

    public float* Value { get; } = value;

    public bool Adds { get; } = adds;
}
