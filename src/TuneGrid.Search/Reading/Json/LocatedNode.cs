using System.Text;

namespace TuneGrid.Search.Reading.Json;

internal enum NodeKind { Object, Array, Text, Number, Boolean, Null }

/// <summary>A place in a source: where a problem is reported.</summary>
/// <param name="Offset">In bytes.</param>
/// <param name="Pointer">RFC 6901.</param>
internal readonly record struct Place(JsonSource Source, int Offset, string Pointer);

/// <summary>A member of an object, with the place of its name.</summary>
internal sealed record LocatedMember(string Name, Place Place, LocatedNode Value);

/// <summary>A JSON value that knows where it stands.</summary>
/// <param name="raw">The text of a string, the digits of a number, <c>true</c> or <c>false</c>; empty otherwise.</param>
internal sealed class LocatedNode(NodeKind kind, Place place, string raw = "")
{
    public NodeKind Kind => kind;

    public Place Place => place;

    public string Raw => raw;

    /// <summary>Of an object, in file order.</summary>
    public List<LocatedMember> Members { get; } = [];

    /// <summary>Of an array.</summary>
    public List<LocatedNode> Items { get; } = [];

    /// <summary>The byte of the source that holds a character of this text; the text's start where escapes hide it.</summary>
    public int OffsetOf(int character)
    {
        var quoted = Encoding.UTF8.GetBytes($"\"{Raw}\"");
        var isPlain = Place.Source.Utf8[Place.Offset..].StartsWith(quoted);
        return isPlain ? Place.Offset + 1 + Encoding.UTF8.GetByteCount(Raw.AsSpan(0, character)) : Place.Offset;
    }

    public LocatedNode? Find(string name) => Members.Find(m => m.Name == name)?.Value;

    /// <summary>What it is, for "expected ..., not THIS".</summary>
    public override string ToString() => Kind switch
    {
        NodeKind.Object => "an object",
        NodeKind.Array => "an array",
        NodeKind.Null => "null",
        NodeKind.Text => $"\"{Quoted.Shorten(Raw)}\"",
        _ => Quoted.Shorten(Raw),
    };
}
