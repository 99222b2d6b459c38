namespace TuneGrid.Training.Model;

/// <summary>How a batch is cut into tasks: a pure function of the options, so that sums come in the same order whatever the timing.</summary>
internal static class BatchPlan
{
    /// <summary>Rows after which larger products gain nothing, while activations fall out of the caches.</summary>
    private const int TargetRows = 512;

    public static int SequencesPerTask(TrainingOptions options) =>
        Math.Clamp(TargetRows / options.Context, 1, Math.Max(1, options.BatchSize / 2));
}
