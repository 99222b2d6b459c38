using TuneGrid.Training.Model;

namespace TuneGrid.Training.Torch;

/// <summary>What a run takes of the device's memory, before anything is built: an estimate from above, at either precision: what rounding halves it copies.</summary>
internal static class TorchMemory
{
    // Weights, average, two moments, gradients, the average as it is scored, and a copy on its way into a file.
    private const long Arenas = 7;

    // Per row and width: what autograd keeps of embedding, norms, queries, keys and values, and their gradients on the way back.
    private const long RowsOfWidthPerBlock = 40, RowsOfWidth = 20;

    public static long Bytes(TrainingOptions options)
    {
        var layout = new ModelLayout(options);
        var rows = (long)options.BatchSize * options.Context;
        var block = (RowsOfWidthPerBlock * options.Width) + (6L * layout.HiddenInputs) + (3L * layout.Heads * options.Context);
        var activations = rows * ((options.Depth * block) + (RowsOfWidth * options.Width) + (5L * options.Vocabulary));
        var scratch = layout.Parameters.Where(p => p.IsMatrix).Sum(p => p.Count) * 2;
        return ((Arenas * layout.ArenaCount) + scratch + activations) * sizeof(float);
    }
}
