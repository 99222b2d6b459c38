using TuneGrid.Training.Tokenization;

namespace TuneGrid.Training.Export;

/// <summary>
/// Our byte pairs as GPT-2's, which llama.cpp knows: the same words, bytes written as visible characters, merges as pairs of texts. Ids
/// stay.
/// </summary>
internal static class GgufTokenizer
{
    private const int Normal = 1;
    private const int Control = 3;
    private const int Unused = 5;

    private static readonly char[] CharacterOfByte = Characters();

    public static void Add(GgufWriter gguf, Tokenizer tokenizer)
    {
        var tokens = new string[tokenizer.VocabularySize];
        var types = new int[tokens.Length];
        for (var token = 0; token < tokens.Length; token++)
        {
            var text = TextOf(tokenizer, token);
            types[token] = token == Tokenizer.EndOfText ? Control : text.Length == 0 ? Unused : Normal;
            tokens[token] = types[token] switch
            {
                Control => "<|endoftext|>",
                Unused => FormattableString.Invariant($"<|unused{token}|>"),
                _ => text,
            };
        }
        var merges = new List<string>();
        foreach (var (left, right) in tokenizer.Merges)
            merges.Add($"{TextOf(tokenizer, left)} {TextOf(tokenizer, right)}");

        gguf.Add("tokenizer.ggml.model", "gpt2");
        gguf.Add("tokenizer.ggml.pre", "gpt-2");
        gguf.Add("tokenizer.ggml.tokens", tokens);
        gguf.Add("tokenizer.ggml.token_type", types);
        gguf.Add("tokenizer.ggml.merges", merges);
        gguf.Add("tokenizer.ggml.bos_token_id", (uint)Tokenizer.EndOfText);
        gguf.Add("tokenizer.ggml.eos_token_id", (uint)Tokenizer.EndOfText);
        gguf.Add("tokenizer.ggml.add_bos_token", true);
        gguf.Add("tokenizer.ggml.add_eos_token", false);
        gguf.Add("tokenizer.ggml.add_space_prefix", false);
    }

    private static string TextOf(Tokenizer tokenizer, int token) =>
        string.Concat(tokenizer.BytesOf(token).ToArray().Select(b => CharacterOfByte[b]));

    /// <summary>GPT-2's bytes_to_unicode: a visible Latin-1 byte is its own character, the others follow from 256 on.</summary>
    private static char[] Characters()
    {
        var characters = new char[256];
        var next = 256;
        for (var b = 0; b < 256; b++)
            characters[b] = b is >= '!' and <= '~' or >= 0xA1 and <= 0xAC or >= 0xAE ? (char)b : (char)next++;
        return characters;
    }
}
