namespace TuneGrid.Search.Space;

/// <summary>A configuration that is tried before the sampler is asked.</summary>
/// <param name="Configuration">Searched and fixed values, feasible in its space.</param>
/// <param name="IsDefaults">Whether it is what the trainer does by itself, as it was when the space was first read.</param>
public sealed record StartPoint(Configuration Configuration, bool IsDefaults);
