namespace TuneGrid.Training.Model;

/// <summary>
/// How a batch is cut for the threads: a group of sequences goes through the whole forward and backward pass on one thread. One sequence
/// keeps activations in the cache; several share one trip over the weight gradients, which pays once the weights outgrow the cache. A pure
/// function of options and threads, so that the same run gives the same bits.
/// </summary>
internal static class SequenceGroups
{
    private const long WeightsThatFitTheCache = 256 * 1024;
    private const int MostSequences = 2;

    public static int SequencesPerGroup(TrainingOptions options, int threads)
    {
        var hidden = (long)options.Width * options.Width * 12 * options.Depth;
        return hidden <= WeightsThatFitTheCache ? 1 : Math.Clamp(options.BatchSize / threads, 1, MostSequences);
    }

    public static int RowsPerGroup(TrainingOptions options, int threads) => SequencesPerGroup(options, threads) * options.Context;

    public static int Count(TrainingOptions options, int threads)
    {
        var size = SequencesPerGroup(options, threads);
        return (options.BatchSize + size - 1) / size;
    }
}
