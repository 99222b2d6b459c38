using System.Collections.Immutable;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Sampling;

/// <summary>
/// What the Gaussian process sampler learned and leaves in the ledger: from how many trials, then the hyperparameters of the process over
/// scores, then of the one over failures, if there was one.
/// </summary>
internal sealed record Learned(int Count, ImmutableArray<double> Scores, ImmutableArray<double> Outcomes)
{
    /// <summary>Returns what stands in the list; null if nothing that fits a space with so many columns does.</summary>
    public static Learned? Read(ValueList<double> list, int columns)
    {
        var each = columns + 1;
        return list.Count == 1 + each ? new((int)list[0], [.. list.Skip(1)], [])
            : list.Count == 1 + (2 * each) ? new((int)list[0], [.. list.Skip(1).Take(each)], [.. list.Skip(1 + each)])
            : null;
    }

    public ValueList<double> Write() => [.. new double[] { Count }, .. Scores, .. Outcomes];
}
