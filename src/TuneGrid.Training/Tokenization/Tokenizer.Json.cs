using System.Globalization;
using System.Text;
using System.Text.Json;

namespace TuneGrid.Training.Tokenization;

public sealed partial class Tokenizer
{
    private const string Format = "byte-pairs-v1";

    /// <summary><c>{"format", "vocabulary", "merges": [left, right, left, right, ...], "hash"}</c></summary>
    public string ToJson()
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("format", Format);
            writer.WriteNumber("vocabulary", VocabularySize);
            writer.WriteStartArray("merges");
            foreach (var (left, right) in _merges)
            {
                writer.WriteNumberValue(left);
                writer.WriteNumberValue(right);
            }
            writer.WriteEndArray();
            writer.WriteString("hash", Hash);
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    /// <exception cref="FormatException">
    /// It is not the JSON of a tokenizer, whole and unchanged; the message says what is wrong.
    /// </exception>
    public static Tokenizer FromJson(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 4, AllowDuplicateProperties = false });
            var tokenizer = FromJson(document.RootElement);
            return tokenizer.Hash == document.RootElement.GetProperty("hash").GetString()
                ? tokenizer
                : throw new FormatException("the tokenizer does not match its recorded hash: it was changed or damaged");
        }
        catch (Exception e) when (
            e is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException or OverflowException)
        {
            throw new FormatException("this is not the JSON of a tokenizer: " + e.Message, e);
        }
    }

    private static Tokenizer FromJson(JsonElement root)
    {
        if (root.GetProperty("format").GetString() != Format)
            throw new FormatException($"the tokenizer's format is {root.GetProperty("format")}, this release reads \"{Format}\"");
        var vocabulary = root.GetProperty("vocabulary") is { ValueKind: JsonValueKind.Number } size && size.TryGetInt32(out var tokens)
            ? tokens
            : throw new FormatException("the tokenizer's vocabulary is no whole number");
        if (vocabulary is < SmallestVocabulary or > LargestVocabulary)
        {
            throw new FormatException(string.Create(
                CultureInfo.InvariantCulture,
                $"the tokenizer's vocabulary of {vocabulary} is outside {SmallestVocabulary}..{LargestVocabulary}"));
        }
        if (root.GetProperty("merges") is not { ValueKind: JsonValueKind.Array } list)
            throw new FormatException("the tokenizer's merges are no array");
        var numbers = list.EnumerateArray().Select(Token).ToArray();
        if (numbers.Length % 2 != 0 || numbers.Length / 2 > vocabulary - FirstMerge)
            throw new FormatException(
                string.Create(CultureInfo.InvariantCulture, $"{numbers.Length} merge numbers do not fit a vocabulary of {vocabulary}"));
        var merges = numbers.Chunk(2).Select(pair => (Left: pair[0], Right: pair[1])).ToArray();
        Validate(merges);
        return new Tokenizer(vocabulary, merges);
    }

    private static ushort Token(JsonElement element) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetUInt16(out var token)
            ? token
            : throw new FormatException("the tokenizer's merges are no tokens, which are whole numbers from 0 to 65535");

    /// <summary>
    /// Merges may only use tokens made before them, once, and no token may outgrow the longest word: doubling tokens would fill the memory.
    /// </summary>
    private static void Validate((ushort Left, ushort Right)[] merges)
    {
        var lengths = new int[FirstMerge + merges.Length];
        Array.Fill(lengths, 1, 1, 256);
        var seen = new HashSet<(ushort, ushort)>();
        for (var i = 0; i < merges.Length; i++)
        {
            var (left, right) = merges[i];
            var token = FirstMerge + i;
            if (left == EndOfText || right == EndOfText || left >= token || right >= token || !seen.Add((left, right)))
                throw new FormatException(
                    string.Create(CultureInfo.InvariantCulture, $"merge {i} of tokens {left} and {right} is not possible"));
            lengths[token] = lengths[left] + lengths[right];
            if (lengths[token] > WordScanner.LongestWord)
                throw new FormatException(
                    string.Create(CultureInfo.InvariantCulture, $"merge {i} makes a token of {lengths[token]} bytes"));
        }
    }
}
