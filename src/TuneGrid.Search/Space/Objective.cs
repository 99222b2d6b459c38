namespace TuneGrid.Search.Space;

/// <summary>Which scores of a metric are better.</summary>
public enum Goal
{
    /// <summary>Lower ones.</summary>
    Minimize,

    /// <summary>Higher ones.</summary>
    Maximize,
}

/// <summary>What trials are compared by.</summary>
/// <param name="Metric"><c>bits_per_byte</c> or <c>perplexity</c>.</param>
/// <param name="Goal">Which scores are better.</param>
public sealed record Objective(string Metric, Goal Goal);
