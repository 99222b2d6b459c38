using System.Text;

namespace TuneGrid.Cli.Terminal;

/// <summary>
/// Writes to a person or a pipe and never fails: a terminal that went away or a full disk must not end the work that was told about.
/// What is not <see cref="Printable"/> is made so here, whoever writes it. Safe for several threads if <paramref name="target"/> is.
/// </summary>
/// <param name="passesEscapes">For whoever draws on a terminal, and makes its text printable itself.</param>
internal sealed class ConsoleWriter(TextWriter target, bool passesEscapes = false) : TextWriter
{
    private volatile Exception? _fault;

    /// <summary>Why something was dropped, or null as long as everything got through.</summary>
    public Exception? Fault => _fault;

    public override Encoding Encoding => target.Encoding;

    public override void Write(char value) => Try(() => target.Write(passesEscapes ? value : Printable.Of(value)));

    public override void Write(string? value) => Try(() => target.Write(Shown(value)));

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    public override void WriteLine() => Try(target.WriteLine);

    // In one piece, so that lines of several threads don't mix.
    public override void WriteLine(string? value) => Try(() => target.WriteLine(Shown(value)));

    public override void WriteLine(char[] buffer, int index, int count) => WriteLine(new string(buffer, index, count));

    public override void WriteLine(ReadOnlySpan<char> buffer) => WriteLine(buffer.ToString());

    public override void Flush() => Try(target.Flush);

    private string Shown(string? value) => value is null ? "" : passesEscapes ? value : Printable.Of(value);

    private void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception fault) when (fault is IOException or ObjectDisposedException or UnauthorizedAccessException)
        {
            _fault ??= fault;
        }
    }
}
