using System.Runtime.InteropServices;
using System.Text;
using TuneGrid.Training.Model;
using TuneGrid.Training.Tokenization;

namespace TuneGrid.Training.Export;

/// <summary>
/// The legacy (version 0) file of karpathy/llama2.c: seven int32, then fp32 weights, each kind over all layers. Its tokens are
/// <see cref="Llama2cTokenizer"/>'s, so the rows of the token tables are moved to those ids.
/// </summary>
internal static class Llama2cModel
{
    public static void Write(LlamaWeights weights, TrainingOptions options, Stream file)
    {
        using var writer = new BinaryWriter(file, Encoding.UTF8, leaveOpen: true);
        var layout = weights.Layout;
        var vocabulary = options.Vocabulary + Llama2cTokenizer.AddedTokens;
        // A negative vocabulary says that the head is a matrix of its own.
        foreach (var number in (int[])
            [
                options.Width, layout.Hidden, options.Depth, layout.Heads, layout.Heads,
                options.Tied ? vocabulary : -vocabulary, options.Context,
            ])
            writer.Write(number);
        Write(writer, Renumbered(weights.Token, options.Width, isInput: true));
        foreach (var tensor in new Func<int, float[]>[]
        {
            weights.AttentionGain, weights.Query, weights.Key, weights.Value, weights.Output, weights.MlpGain, weights.Gate, weights.Down,
                weights.Up,
        })
        {
            for (var block = 0; block < options.Depth; block++)
                Write(writer, tensor(block));
        }
        Write(writer, weights.FinalGain);
        // Once a table of cosines and sines, skipped by every reader since.
        Write(writer, new float[options.Context * layout.HeadWidth]);
        if (weights.Head is { } head)
            Write(writer, Renumbered(head, options.Width, isInput: false));
    }

    /// <summary>
    /// Rows at their new ids. The two ids that no text has get the row of byte 255, which no text has either: a row of zeros could win over
    /// negative logits. Only as input the prefix token means the beginning, like the end of text itself.
    /// </summary>
    private static float[] Renumbered(float[] table, int width, bool isInput)
    {
        const int neverSeen = 256;
        var rows = table.Length / width;
        var result = new float[table.Length + (Llama2cTokenizer.AddedTokens * width)];
        for (var row = 0; row < rows; row++)
            Array.Copy(table, row * width, result, Llama2cTokenizer.IdOf(row) * width, width);
        Array.Copy(table, neverSeen * width, result, Llama2cTokenizer.Unknown * width, width);
        Array.Copy(table, (isInput ? Tokenizer.EndOfText : neverSeen) * width, result, Llama2cTokenizer.Prefix * width, width);
        return result;
    }

    private static void Write(BinaryWriter writer, float[] values) => writer.Write(MemoryMarshal.AsBytes(values.AsSpan()));
}
