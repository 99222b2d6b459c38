using Spectre.Console;
using TuneGrid.Cli.Terminal;
using TuneGrid.Coordination.Ledger;

namespace TuneGrid.Cli.Live;

/// <summary>Redraws one frame in place on a terminal. The drawing runs beside the caller, who only hands over snapshots.</summary>
internal sealed class LiveView : ISearchView
{
    private const int FallbackWidth = 80;
    private const int FallbackHeight = 24;
    private readonly Lock _gate = new();
    private readonly ManualResetEventSlim _changed = new();
    private readonly IAnsiConsole _terminal;
    private readonly Thread _drawing;
    private SearchSnapshot? _snapshot;
    private volatile bool _ended;

    public LiveView(TextWriter writer)
    {
        _terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new TerminalOutput(writer) });
        _drawing = new(Draw) { IsBackground = true, Name = "live view" };
        _drawing.Start();
    }

    public void Show(SearchSnapshot snapshot, IReadOnlyList<RecordedEvent> news)
    {
        lock (_gate)
            _snapshot = snapshot;
        _changed.Set();
    }

    public void Dispose()
    {
        _ended = true;
        _changed.Set();
        _drawing.Join();
        _changed.Dispose();
    }

    private void Draw()
    {
        try
        {
            _terminal.Live(new Spectre.Console.Text("")).AutoClear(false)
                .Overflow(VerticalOverflow.Crop).Cropping(VerticalOverflowCropping.Bottom).Start(Follow);
        }
        catch (Exception fault) when (fault is IOException or InvalidOperationException or NotSupportedException)
        {
            // The terminal went away while it was asked what it is: nobody looks any more, and the search goes on.
        }
    }

    private void Follow(LiveDisplayContext context)
    {
        while (!_ended)
        {
            _changed.Wait();
            _changed.Reset();
            SearchSnapshot? snapshot;
            lock (_gate)
                snapshot = _snapshot;
            if (snapshot is not null)
                context.UpdateTarget(Render(snapshot));
        }
    }

    private Rows Render(SearchSnapshot snapshot)
    {
        // One row and one column stay free: a terminal that wraps or scrolls would spoil the redraw.
        var lines = SearchFrame.Draw(snapshot, _terminal.Profile.Width - 1, _terminal.Profile.Height - 1);
        return new(lines.Select(l => new Spectre.Console.Text(l.Length == 0 ? " " : Printable.Line(l)) { Overflow = Overflow.Crop }));
    }

    private sealed class TerminalOutput(TextWriter writer) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => true;

        public int Width => Size(() => Console.WindowWidth, FallbackWidth);

        public int Height => Size(() => Console.WindowHeight, FallbackHeight);

        public void SetEncoding(System.Text.Encoding encoding)
        {
        }

        private static int Size(Func<int> ask, int otherwise)
        {
            try
            {
                return ask() is > 0 and var size ? size : otherwise;
            }
            catch (IOException)
            {
                return otherwise;
            }
        }
    }
}
