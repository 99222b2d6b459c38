using System.Buffers;

namespace TuneGrid.Cli.Terminal;

/// <summary>
/// Text that a terminal only shows. What came from outside (a story, a silo's name, a server's words) may hold escape sequences that
/// write elsewhere, retitle the window or hide what is there.
/// </summary>
internal static class Printable
{
    private const char Unknown = '\uFFFD', PictureOfNull = '\u2400', PictureOfDelete = '\u2421';
    private const char LastOfC0 = '\u001F', Delete = '\u007F';

    // C0 but for tab and line feed, DEL, C1, the line and paragraph separators, and what turns the direction of writing around.
    private static readonly SearchValues<char> Unsafe = SearchValues.Create(
    [
        .. Enumerable.Range(0, 32).Select(c => (char)c).Where(c => c is not ('\t' or '\n')),
        .. Enumerable.Range(Delete, 0xA0 - Delete).Select(c => (char)c),
        '\u2028', '\u2029', .. Enumerable.Range(0x202A, 5).Select(c => (char)c), .. Enumerable.Range(0x2066, 4).Select(c => (char)c),
    ]);

    /// <summary>Whether it would do more than show itself.</summary>
    public static bool IsSafe(ReadOnlySpan<char> text) => !text.ContainsAny(Unsafe);

    /// <summary>
    /// Returns the text with a picture in the place of each such character: it stays as long as it was, so tables stay aligned.
    /// </summary>
    public static string Of(string text) =>
        IsSafe(text) ? text : string.Create(text.Length, text, (shown, from) =>
        {
            for (var i = 0; i < shown.Length; i++)
            {
                // Texts of Windows end their lines so.
                var endsLine = from[i] == '\r' && i + 1 < from.Length && from[i + 1] == '\n';
                shown[i] = endsLine ? from[i] : Of(from[i]);
            }
        });

    /// <summary>The same of one character.</summary>
    public static char Of(char c) => c switch
    {
        _ when !Unsafe.Contains(c) => c,
        <= LastOfC0 => (char)(PictureOfNull + c),
        Delete => PictureOfDelete,
        _ => Unknown,
    };

    /// <summary>The same on one line: whoever names a silo with a line feed must not write a line of the log.</summary>
    public static string Line(string text) => Of(text.ReplaceLineEndings(" "));
}
