using System.Text;

namespace TuneGrid.Search.Reading.Json;

/// <summary>A text that positions refer to: the file, or one override.</summary>
/// <param name="name">What a person calls it.</param>
internal sealed class JsonSource(string name, string text)
{
    // A file that starts with a byte order mark is fine; positions count from behind it.
    private readonly byte[] _utf8 = Encoding.UTF8.GetBytes(text.Length > 0 && text[0] == '\uFEFF' ? text[1..] : text);

    public string Name => name;

    public ReadOnlySpan<byte> Utf8 => _utf8;

    /// <summary>1-based line and column (UTF-16 code units) of a byte.</summary>
    public (int Line, int Column) Locate(int offset)
    {
        var before = _utf8.AsSpan(0, Math.Clamp(offset, 0, _utf8.Length));
        var lineStart = before.LastIndexOf((byte)'\n') + 1;
        return (before.Count((byte)'\n') + 1, Encoding.UTF8.GetCharCount(before[lineStart..]) + 1);
    }
}
