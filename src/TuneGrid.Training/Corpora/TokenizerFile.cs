using System.Text.Json;
using TuneGrid.Training.Tokenization;

namespace TuneGrid.Training.Corpora;

/// <summary>A trained tokenizer on disk, with what it was trained on: <c>{"corpus", "vocabulary", "tokenizer"}</c>.</summary>
internal static class TokenizerFile
{
    public static void Write(Stream stream, string corpusHash, Tokenizer tokenizer)
    {
        using var json = new Utf8JsonWriter(stream);
        json.WriteStartObject();
        json.WriteString("corpus", corpusHash);
        json.WriteNumber("vocabulary", tokenizer.VocabularySize);
        json.WritePropertyName("tokenizer");
        json.WriteRawValue(tokenizer.ToJson());
        json.WriteEndObject();
    }

    /// <summary>The tokenizer, or null where there is no file or it is another one's.</summary>
    public static Tokenizer? TryRead(string path, string corpusHash, int vocabulary)
    {
        if (!File.Exists(path))
            return null;
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            var root = json.RootElement;
            if (root.GetProperty("corpus").GetString() != corpusHash || root.GetProperty("vocabulary").GetInt32() != vocabulary)
                return null;
            var tokenizer = Tokenizer.FromJson(root.GetProperty("tokenizer").GetRawText());
            return tokenizer.VocabularySize == vocabulary ? tokenizer : null;
        }
        catch (Exception e) when (e is JsonException or FormatException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }
}
