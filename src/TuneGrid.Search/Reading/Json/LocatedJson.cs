using System.Text;
using System.Text.Json;

namespace TuneGrid.Search.Reading.Json;

/// <summary>Reads strict JSON into nodes that know their place.</summary>
internal static class LocatedJson
{
    private const int MaxDepth = 32;

    /// <summary>The value, or null with the first syntax error added. Duplicate keys are reported too; the first one counts.</summary>
    /// <param name="start">Byte offset in the source at which the value starts.</param>
    public static LocatedNode? Parse(JsonSource source, ProblemList problems, int start = 0, string pointer = "")
    {
        var reader = new Utf8JsonReader(source.Utf8[start..], new JsonReaderOptions { MaxDepth = MaxDepth });
        var at = pointer;
        try
        {
            reader.Read();
            var node = ReadValue(ref reader, source, problems, start, pointer, ref at);
            reader.Read();
            return node;
        }
        catch (JsonException e)
        {
            problems.Add(new(source, start + ErrorOffset(source.Utf8[start..], e), at), Explain(e.Message));
        }
        catch (InvalidOperationException)
        {
            // Utf8JsonReader finds escapes such as \ud800 alone only when the text is asked for.
            var place = new Place(source, start + (int)reader.TokenStartIndex, at);
            problems.Add(place, "this text holds half a surrogate pair: expected valid Unicode");
        }
        return null;
    }

    private static LocatedNode ReadValue(
        ref Utf8JsonReader reader, JsonSource source, ProblemList problems, int start, string pointer, ref string at)
    {
        at = pointer;
        var place = new Place(source, start + (int)reader.TokenStartIndex, pointer);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return ReadObject(ref reader, source, problems, start, new(NodeKind.Object, place), ref at);
            case JsonTokenType.StartArray:
                var array = new LocatedNode(NodeKind.Array, place);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    array.Items.Add(ReadValue(ref reader, source, problems, start, JsonPointer.Append(pointer, array.Items.Count), ref at));
                return array;
            case JsonTokenType.String:
                return new(NodeKind.Text, place, reader.GetString()!);
            case JsonTokenType.Number:
                return new(NodeKind.Number, place, Encoding.UTF8.GetString(reader.ValueSpan));
            case JsonTokenType.True or JsonTokenType.False:
                return new(NodeKind.Boolean, place, reader.TokenType == JsonTokenType.True ? "true" : "false");
            default:
                return new(NodeKind.Null, place);
        }
    }

    private static LocatedNode ReadObject(
        ref Utf8JsonReader reader, JsonSource source, ProblemList problems, int start, LocatedNode node, ref string at)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.GetString()!;
            var place = new Place(source, start + (int)reader.TokenStartIndex, JsonPointer.Append(node.Place.Pointer, name));
            at = place.Pointer;
            reader.Read();
            var value = ReadValue(ref reader, source, problems, start, place.Pointer, ref at);
            if (names.Add(name))
                node.Members.Add(new(name, place, value));
            else
                problems.Add(place, $"'{Quoted.Shorten(name)}' is given twice: expected it once");
        }
        return node;
    }

    private static int ErrorOffset(ReadOnlySpan<byte> utf8, JsonException e)
    {
        var offset = 0;
        for (var line = e.LineNumber ?? 0; line > 0; line--)
            offset += utf8[offset..].IndexOf((byte)'\n') + 1;
        return offset + (int)(e.BytePositionInLine ?? 0);
    }

    private static string Explain(string message)
    {
        if (message.Contains("trailing comma", StringComparison.Ordinal))
            return "not JSON: a comma before the closing bracket; expected no trailing comma";
        if (message.StartsWith("'/' is", StringComparison.Ordinal))
            return "not JSON: comments are not allowed";
        if (message.Contains("depth", StringComparison.Ordinal))
            return $"nested deeper than {MaxDepth} levels";
        if (message.Contains("does not contain any JSON tokens", StringComparison.Ordinal))
            return "the file is empty: expected a search space in JSON";
        var end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return $"not JSON: {Quoted.OneLine(end < 0 ? message : message[..end])}";
    }
}
