using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using TuneGrid.Cli.Output;
using TuneGrid.Simulation;

namespace TuneGrid.Testing.Processes;

/// <summary>A real tunegrid process, started the way a person starts it, that can be killed in every way a machine kills one.</summary>
public sealed partial class TuneGridProcess : IDisposable
{
    private const int SigInt = 2, SigKill = 9, SigTerm = 15, SigCont = 18, SigStop = 19;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private readonly Process _process;
    private readonly StringBuilder _output = new(), _errors = new();
    private readonly List<(string Text, TaskCompletionSource Said)> _awaited = [];

    private TuneGridProcess(Process process) => _process = process;

    public string Output => Text(_output);

    public string Errors => Text(_errors);

    public bool HasExited => _process.HasExited;

    public int Id => _process.Id;

    public static TuneGridProcess Start(
        Sandbox sandbox,
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null,
        IReadOnlyList<string>? wrapper = null)
    {
        string[] command = [.. wrapper ?? [], "dotnet"];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = sandbox.Folder,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "tunegrid.dll"));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["TUNEGRID_HOME"] = sandbox.Home;
        start.Environment.Remove("TUNEGRID_STORE");
        start.Environment.Remove("TUNEGRID_ISA");
        start.Environment["DOTNET_TieredCompilation"] = "1";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;

        var result = new TuneGridProcess(new Process { StartInfo = start });
        result._process.OutputDataReceived += (_, line) => Append(result._output, line.Data);
        result._process.ErrorDataReceived += (_, line) => result.Hear(line.Data);
        result._process.Start();
        result._process.StandardInput.Close();
        result._process.BeginOutputReadLine();
        result._process.BeginErrorReadLine();
        return result;
    }

    /// <summary>Starts a command that finds the disk full as soon as a file of its own outgrows so many KiB.</summary>
    public static TuneGridProcess StartOnFullDisk(Sandbox sandbox, int kibibytes, params string[] arguments)
    {
        // Ignored signals stay ignored: the write fails, as on a full disk, and kills nobody. The double mapping of compiled code is a file
        // too.
        var script = FormattableString.Invariant($"trap '' XFSZ; ulimit -f {kibibytes}; exec \"$@\"");
        return Start(
            sandbox, arguments, new Dictionary<string, string> { ["DOTNET_EnableWriteXorExecute"] = "0" }, ["bash", "-c", script, "bash"]);
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<TuneGridProcess> RunAsync(Sandbox sandbox, params string[] arguments)
    {
        var process = Start(sandbox, arguments);
        await process.ExitAsync();
        return process;
    }

    /// <summary>Runs a command that must succeed and returns the JSON object on the last line of its stdout.</summary>
    public static async Task<JsonNode> RunJsonAsync(Sandbox sandbox, params string[] arguments)
    {
        using var process = await RunAsync(sandbox, [.. arguments, "--output", "json"]);
        Assert.True(
            process.ExitCode == 0,
            $"tunegrid {string.Join(' ', arguments)} exited with {process.ExitCode}\n{process.Output}\n{process.Errors}");
        return JsonNode.Parse(process.LastLine)!;
    }

    public int ExitCode => _process.ExitCode;

    public string LastLine => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries) is [.., var last] ? last : "";

    public async Task<int> ExitAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            throw new TimeoutException($"tunegrid did not end within {Patience}\n{Output}\n{Errors}");
        }
        return _process.ExitCode;
    }

    /// <summary>Waits until a line of its stderr contains a text.</summary>
    public async Task SaysAsync(string text)
    {
        var said = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_errors)
        {
            if (_errors.ToString().Contains(text, StringComparison.Ordinal))
                return;
            _awaited.Add((text, said));
        }
        try
        {
            await said.Task.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"tunegrid did not say '{text}' within {Patience}\n{Output}\n{Errors}");
        }
    }

    public void Interrupt() => Signal(SigInt);

    public void Terminate() => Signal(SigTerm);

    public void KillHard() => Signal(SigKill);

    public void Freeze() => Signal(SigStop);

    public void Thaw() => Signal(SigCont);

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private void Signal(int signal)
    {
        if (!_process.HasExited)
            _ = Kill(_process.Id, signal);
    }

    private void Hear(string? line)
    {
        Append(_errors, line);
        lock (_errors)
        {
            foreach (var (text, said) in _awaited)
            {
                if (line?.Contains(text, StringComparison.Ordinal) == true)
                    said.TrySetResult();
            }
        }
    }

    private static void Append(StringBuilder target, string? line)
    {
        if (line is null)
            return;
        lock (target)
            target.Append(line).Append('\n');
    }

    private static string Text(StringBuilder source)
    {
        lock (source)
            return source.ToString();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);
}
