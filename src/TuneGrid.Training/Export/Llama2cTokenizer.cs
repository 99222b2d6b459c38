using System.Text;
using TuneGrid.Training.Tokenization;

namespace TuneGrid.Training.Export;

/// <summary>
/// The tokenizer file of karpathy/llama2.c: the longest token's length, then score, length and bytes of each token. Its program fixes 0 as
/// unknown, 1 as the beginning and end of a text, and 3..258 as the bytes, and puts a space before every prompt. We want no such space:
/// token 2 is the text "&lt;s&gt; " with the best score of all, so that the program merges the beginning and its space into it, and its
/// embedding is the beginning's. The program merges wherever two texts join to a token, also across our words' borders; for ordinary prose
/// both give the same tokens.
/// </summary>
internal static class Llama2cTokenizer
{
    public const int Unknown = 0;
    public const int Beginning = 1;
    public const int Prefix = 2;
    public const int AddedTokens = 2;

    /// <summary>Our id's id there; the order is kept, so that equal logits are decided alike.</summary>
    public static int IdOf(int token) => token == Tokenizer.EndOfText ? Beginning : token + AddedTokens;

    public static void Write(Tokenizer tokenizer, Stream file)
    {
        var tokens = new byte[tokenizer.VocabularySize + AddedTokens][];
        tokens[Unknown] = "<unk>"u8.ToArray();
        tokens[Beginning] = "<s>"u8.ToArray();
        tokens[Prefix] = "<s> "u8.ToArray();
        for (var token = 1; token < tokenizer.VocabularySize; token++)
            tokens[IdOf(token)] = TextOf(tokenizer, token);

        using var writer = new BinaryWriter(file, Encoding.UTF8, leaveOpen: true);
        writer.Write(tokens.Max(t => t.Length));
        for (var id = 0; id < tokens.Length; id++)
        {
            writer.Write(id == Prefix ? 1f : -id); // earlier merges first
            writer.Write(tokens[id].Length);
            writer.Write(tokens[id]);
        }
    }

    private static byte[] TextOf(Tokenizer tokenizer, int token)
    {
        var bytes = tokenizer.BytesOf(token);
        // C's texts end at a zero byte, so that byte has a name, of which nothing is printed: right for ids that never occur too, since no
        // text may be empty.
        return bytes.IsEmpty || bytes.SequenceEqual("\0"u8) ? "<0x00>"u8.ToArray() : bytes.ToArray();
    }
}
