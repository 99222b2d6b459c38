namespace TuneGrid.Training.Model;

/// <summary>The head's product and the loss, fused in chunks of rows so that [tokens, vocabulary] logits never exist whole.</summary>
internal static class HeadLoss
{
    private const int ChunkElements = 1 << 18;

    public static int ChunkRows(int vocabulary) => Math.Clamp(ChunkElements / vocabulary / 16 * 16, 16, 256);
}
