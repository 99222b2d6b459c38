using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using TuneGrid.Cli.Terminal;
using TuneGrid.Coordination;

namespace TuneGrid.Cli.Sessions;

/// <summary>
/// <c>--detach</c>: the same command once more, in a session and with a log of its own. Until its study runs it speaks through whoever
/// started it, so that a start that fails looks as it always does; then it lets go.
/// </summary>
internal static class Background
{
    /// <summary>Tells the second process that it is the one.</summary>
    private const string Variable = "TUNEGRID_DETACHED";

    private const string Mark = "tunegrid-detached";
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);

    /// <summary>Whether this process is the one in the background.</summary>
    public static bool IsHere(CliConsole console) => !string.IsNullOrEmpty(console.Variable(Variable));

    /// <summary>Starts this process's command again, and returns 0 once its study runs, or what it ended with before.</summary>
    public static async Task<int> StartAsync(CliConsole console, OutputFormat output, CancellationToken cancellation)
    {
        using var process = Process.Start(Again())!;
        await using var stop = cancellation.Register(() => Stop(process));
        var errors = RelayAsync(process.StandardError, console.Error);
        while (await process.StandardOutput.ReadLineAsync(CancellationToken.None) is { } line)
        {
            if (line.Split('\t') is [Mark, var study, var log])
            {
                // It has let go of our stderr too, and nothing is lost if not.
                await Task.WhenAny(errors, Task.Delay(LastWords, CancellationToken.None));
                Tell(console, output, study, log, process.Id);
                return ExitCodes.Fine;
            }
            console.Word.WriteLine(line);
        }
        await errors;
        await process.WaitForExitAsync(CancellationToken.None);
        return process.ExitCode;
    }

    /// <summary>
    /// In the background: leaves the terminal's session, so that neither its end nor a Ctrl-C there is meant for this process.
    /// </summary>
    public static void Leave(CliConsole console)
    {
        console.Interrupts.IgnoreHangup();
        if (!OperatingSystem.IsWindows())
            _ = NewSession();
    }

    /// <summary>In the background: the study runs. What is said from now on goes to its log.</summary>
    public static void LetGo(CliConsole console, string home, StudyId study)
    {
        var log = Path.Combine(home, "logs", $"{study}.log");
        using var file = Open(ref log);
        console.Word.WriteLine($"{Mark}\t{study}\t{log}");
        StandardStream.Redirect(file);
    }

    private static ProcessStartInfo Again()
    {
        var program = Environment.ProcessPath ?? throw new IOException("--detach: the system does not say what this program is called");
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, CreateNoWindow = true,
            StandardOutputEncoding = Encoding.UTF8, StandardErrorEncoding = Encoding.UTF8,
        };
        // 'dotnet tunegrid.dll' rather than a program of our own.
        if (Path.GetFileNameWithoutExtension(program).Equals("dotnet", StringComparison.OrdinalIgnoreCase))
            start.ArgumentList.Add(typeof(Background).Assembly.Location);
        foreach (var argument in Environment.GetCommandLineArgs().Skip(1))
            start.ArgumentList.Add(argument);
        start.Environment[Variable] = "1";
        return start;
    }

    private static async Task RelayAsync(StreamReader from, ConsoleWriter to)
    {
        while (await from.ReadLineAsync() is { } line)
            to.WriteLine(line);
    }

    private static void Tell(CliConsole console, OutputFormat output, string study, string log, int process)
    {
        if (output == OutputFormat.Json)
        {
            Json.WriteResult(console, new JsonObject { ["study"] = study, ["log"] = log, ["process_id"] = process });
            return;
        }
        console.Word.WriteLine($"{study} goes on in the background (process {process})");
        console.Word.WriteLine($"  look:  tunegrid watch {study}");
        console.Word.WriteLine($"  pause: tunegrid pause {study}");
        console.Word.WriteLine($"  log:   {log}");
    }

    /// <summary>A log that can't be written must not end a study that runs: it does without.</summary>
    private static FileStream Open(ref string log)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(log)!);
            return new(log, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            log = OperatingSystem.IsWindows() ? "NUL" : "/dev/null";
            return new(log, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        }
    }

    /// <summary>Somebody would rather not: it stops as a search at the terminal does.</summary>
    private static void Stop(Process process)
    {
        const int Interrupt = 2;
        if (OperatingSystem.IsWindows())
            process.Kill();
        else
            _ = Signal(process.Id, Interrupt);
    }

    [DllImport("libc", EntryPoint = "setsid")]
    private static extern int NewSession();

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Signal(int process, int signal);
}
