using System.Collections.Immutable;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Sampling;

/// <summary>What the parameters' priors say, as a kernel: uniform where there is none.</summary>
internal sealed class PriorKernel(ImmutableArray<SpaceAxis> axes)
{
    /// <summary>Per axis, NaN without a prior.</summary>
    public double[] Center { get; } = [.. axes.Select(a => a.Parameter.Prior is { } prior ? a.PointOf(prior.Value) : double.NaN)];

    /// <summary>By confidence, as NePS has them.</summary>
    public KernelWidths Widths { get; } = new(axes, a => WidthOf(a.Parameter.Prior?.Confidence));

    /// <summary>Whether any parameter has a prior.</summary>
    public bool SaysSomething { get; } = axes.Any(a => a.Parameter.Prior is not null);

    private static double WidthOf(PriorConfidence? confidence) => confidence switch
    {
        PriorConfidence.Low => 0.5,
        PriorConfidence.High => 0.125,
        _ => 0.25,
    };
}
