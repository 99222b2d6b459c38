using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace TuneGrid.Testing.Processes;

/// <summary>A command on a pseudo-terminal of its own, which can be taken away as a closed window takes it. Needs <c>script</c>.</summary>
public sealed class TerminalProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly Process _terminal;
    private readonly string _exitCode;
    private readonly StringBuilder _shown = new();
    private readonly List<(string Text, TaskCompletionSource Seen)> _awaited = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly FileSystemWatcher _watcher;

    private TerminalProcess(Process terminal, string exitCode)
    {
        (_terminal, _exitCode) = (terminal, exitCode);
        _watcher = new FileSystemWatcher(Path.GetDirectoryName(exitCode)!, Path.GetFileName(exitCode));
        // A rename whose two halves come apart is told as a file that was created.
        _watcher.Renamed += (_, _) => _ended.TrySetResult();
        _watcher.Created += (_, _) => _ended.TrySetResult();
        _watcher.EnableRaisingEvents = true;
    }

    /// <summary>What the terminal was sent, escape sequences and all.</summary>
    public string Shown
    {
        get
        {
            lock (_shown)
                return _shown.ToString();
        }
    }

    /// <param name="before">What the command is started with, such as <c>nohup</c>; may be empty.</param>
    public static TerminalProcess Start(Sandbox sandbox, string before, params string[] arguments)
    {
        var exitCode = Path.Combine(sandbox.Folder, $"exit-code-{Guid.NewGuid():N}");
        var command = string.Join(' ', arguments.Select(a => $"'{a}'"));
        // A terminal's end is told to the first process on it, and a person's shell passes it on. Whoever is in a session of its own
        // hears nothing, and its writes fail.
        var tell = before.StartsWith("setsid", StringComparison.Ordinal) ? ":" : "kill -HUP $!";
        var script = sandbox.Write($"{Path.GetFileName(exitCode)}.sh", $$"""
            trap '{{tell}}' HUP
            {{before}} dotnet '{{Path.Combine(AppContext.BaseDirectory, "tunegrid.dll")}}' {{command}} &
            echo $! > '{{exitCode}}.pid'
            wait $!
            code=$?
            [ $code -le 128 ] || { wait $!; code=$?; }
            echo $code > '{{exitCode}}.new'
            mv '{{exitCode}}.new' '{{exitCode}}'
            """);
        // Tests that run under nohup ignore the signal, and so would all that they start.
        var start = new ProcessStartInfo(
            "env", ["--default-signal=HUP", "script", "--quiet", "--flush", "--command", $"sh {script}", "/dev/null"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, WorkingDirectory = sandbox.Folder,
        };
        start.Environment["TUNEGRID_HOME"] = sandbox.Home;
        start.Environment["TERM"] = "xterm";
        start.Environment.Remove("TUNEGRID_STORE");
        start.Environment.Remove("TUNEGRID_ISA");
        var result = new TerminalProcess(new Process { StartInfo = start }, exitCode);
        result._terminal.Start();
        _ = Task.Run(result.ListenAsync);
        return result;
    }

    /// <summary>Waits until the terminal has been sent a text.</summary>
    public async Task ShowsAsync(string text)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_shown)
        {
            if (_shown.ToString().Contains(text, StringComparison.Ordinal))
                return;
            _awaited.Add((text, seen));
        }
        await seen.Task.WaitAsync(Patience);
    }

    /// <summary>The window is closed: nobody holds the terminal's other end any more.</summary>
    public void Close() => _terminal.Kill();

    /// <summary>Waits for the command's own end.</summary>
    public async Task<int> ExitAsync()
    {
        if (!File.Exists(_exitCode))
            await _ended.Task.WaitAsync(Patience);
        return int.Parse(await File.ReadAllTextAsync(_exitCode), CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        if (!_terminal.HasExited)
            _terminal.Kill(entireProcessTree: true);
        else if (!File.Exists(_exitCode) && File.Exists(_exitCode + ".pid"))
            Process.Start("kill", ["-9", File.ReadAllText(_exitCode + ".pid").Trim()]).Dispose();
        _terminal.Dispose();
        _watcher.Dispose();
    }

    /// <summary>Not by lines: one that is redrawn has no end.</summary>
    private async Task ListenAsync()
    {
        var block = new char[1024];
        int read;
        while ((read = await _terminal.StandardOutput.ReadAsync(block)) > 0)
        {
            lock (_shown)
            {
                _shown.Append(block, 0, read);
                var shown = _shown.ToString();
                foreach (var (text, seen) in _awaited)
                {
                    if (shown.Contains(text, StringComparison.Ordinal))
                        seen.TrySetResult();
                }
            }
        }
    }
}
