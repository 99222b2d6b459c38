namespace TuneGrid.Training.Model;

/// <summary>How big a configuration is, without building it.</summary>
public static class ModelSize
{
    /// <summary>Trainable parameters.</summary>
    public static long Parameters(TrainingOptions o) => new ParameterLayout(new ModelShape(o)).All.Sum(t => t.Count);

    public static int Heads(TrainingOptions o) => o.Heads > 0 ? o.Heads : Math.Max(1, o.Width / 32);

    /// <summary>
    /// Bytes a training run takes, tokens and runtime not counted: weights, averages and moments, one gradient per thread, packed copies (counted as fp32),
    /// activations of the tasks under way, and the batch's token gradients.
    /// </summary>
    public static long MemoryBytes(TrainingOptions o, int threads)
    {
        var shape = new ModelShape(o);
        var layout = new ParameterLayout(shape);
        var dense = layout.Length - layout.DenseStart;
        var arenas = layout.Length * (o.Averaging > 0 ? 5L : 4L);
        var packed = 2 * layout.All.Where(t => t.Role is ParameterRole.Hidden or ParameterRole.Head).Sum(t => t.Count);
        var rows = (long)BatchPlan.SequencesPerTask(o) * o.Context;
        var perRow = shape.Depth * (8L * shape.Width + shape.Up + shape.Heads + 8) + 20L * shape.Width + 3L * shape.Up;
        var logits = HeadLoss.ChunkRows(o.Vocabulary) * (long)o.Vocabulary;
        var tokenGradients = (long)o.BatchSize * o.Context * shape.Width * (o.ValueEmbeddings ? 2 : 1);
        return sizeof(float) * (arenas + packed + tokenGradients + threads * (dense + rows * perRow + 2 * logits));
    }
}
