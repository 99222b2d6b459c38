namespace TuneGrid.Training.Model;

/// <summary>What a configuration will take, before anything is built.</summary>
public static class ModelSize
{
    // Weights, average, two moments, and the average as it is scored.
    private const long ArenasOfState = 5;

    /// <summary>Trainable numbers, embeddings included.</summary>
    public static long Parameters(TrainingOptions options) => new ModelLayout(options).Parameters.Sum(p => p.Count);

    /// <summary>
    /// Bytes of native memory a training run needs: weights, gradients and activations per thread, moments, averages and packed copies.
    /// </summary>
    public static long MemoryBytes(TrainingOptions options, int threads)
    {
        var layout = new ModelLayout(options);
        var gradients = (threads * (layout.ArenaCount - layout.DenseStart)) + layout.LookupGradientCount;
        var packed = 2L * layout.Parameters.Where(p => p.IsMatrix).Sum(p => p.Count);
        var rows = SequenceGroups.RowsPerGroup(options, threads);
        var activations = ActivationLayout.Count(layout, rows) * Math.Min(threads, SequenceGroups.Count(options, threads));
        return ((ArenasOfState * layout.ArenaCount) + gradients + packed + activations) * sizeof(float);
    }

    /// <summary>Width of the MLP after its activation, a multiple of 8 so that rows stay aligned.</summary>
    internal static int Hidden(TrainingOptions options) => Math.Max(8, (int)Math.Round(options.Width * options.MlpRatio / 8) * 8);
}
