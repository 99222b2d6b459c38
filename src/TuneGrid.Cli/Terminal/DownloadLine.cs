using System.Diagnostics;
using System.Globalization;
using TuneGrid.Silo.Corpora.Fetching;

namespace TuneGrid.Cli.Terminal;

/// <summary>A progress bar on stderr: redrawn in place on a terminal, a line every ten seconds elsewhere.</summary>
internal sealed class DownloadLine(CliConsole console) : IProgress<FetchProgress>
{
    private const int BarWidth = 30;
    private static readonly TimeSpan RedrawEvery = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LogEvery = TimeSpan.FromSeconds(10);
    private long _last;
    private bool _isDrawn;

    public void Report(FetchProgress value)
    {
        var isEnd = value.Bytes == value.Total;
        if (!isEnd && _last != 0 && Stopwatch.GetElapsedTime(_last) < (console.IsErrorTerminal ? RedrawEvery : LogEvery))
            return;
        _last = Stopwatch.GetTimestamp();
        _isDrawn = true;
        if (console.IsErrorTerminal)
            console.Redraw(Line(value));
        else
            console.Error.WriteLine(Line(value));
    }

    public void End()
    {
        if (_isDrawn && console.IsErrorTerminal)
            console.Error.WriteLine();
    }

    internal static string Line(FetchProgress now)
    {
        if (now.Total is not > 0)
            return $"{now.File}  {Text.Bytes(now.Bytes)}";
        var share = Math.Clamp((double)now.Bytes / now.Total.Value, 0, 1);
        var bar = new string('█', (int)(share * BarWidth)).PadRight(BarWidth, '░');
        return string.Create(
            CultureInfo.InvariantCulture, $"{now.File}  {bar} {share * 100:0}%  {Text.Bytes(now.Bytes)} of {Text.Bytes(now.Total.Value)}");
    }
}
