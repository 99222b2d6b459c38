using System.Text;

namespace TuneGrid.Cli.Terminal;

/// <summary>Where the commands read and write, so that tests run them in-process. Writing never fails.</summary>
internal sealed class CliConsole(TextReader input, TextWriter output, TextWriter error, bool isErrorTerminal, Interrupts interrupts)
{
    public TextReader In => input;

    /// <summary>What was asked for. What can't be written makes exit code 4.</summary>
    public ConsoleWriter Out { get; } = new(output);

    /// <summary>Also stdout, for what a command says of the work it did: nothing is lost with it.</summary>
    public ConsoleWriter Word { get; } = new(output);

    /// <summary>Everything else.</summary>
    public ConsoleWriter Error { get; } = new(error);

    /// <summary>Stderr for whoever redraws, where <see cref="IsErrorTerminal"/>.</summary>
    public ConsoleWriter Screen { get; } = new(error, passesEscapes: true);

    /// <summary>A person looks at stderr: live views may redraw there.</summary>
    public bool IsErrorTerminal => isErrorTerminal;

    /// <summary>Ctrl-C, SIGTERM and the end of the terminal.</summary>
    public Interrupts Interrupts => interrupts;

    /// <summary>Whether all of <see cref="Out"/> must arrive. Who reads a list may leave before its end.</summary>
    public bool IsWholeOrNothing { get; set; }

    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    public static CliConsole OfProcess(Interrupts interrupts)
    {
        if (OperatingSystem.IsWindows())
            SpeakUtf8();
        var console = new CliConsole(
            new StreamReader(StandardStream.OpenInput()), Open(StandardStream.Output), Open(StandardStream.Error),
            StandardStream.IsOpen(StandardStream.Error) && !Console.IsErrorRedirected, interrupts);
        // Whoever else writes to the console, a library or a log, must not fail either; and stdout carries results alone.
        Console.SetOut(console.Error);
        Console.SetError(console.Error);
        return console;
    }

    /// <summary>Replaces the line that the cursor is on, on a terminal.</summary>
    public void Redraw(string line) => Screen.Write($"\r{Printable.Line(line)}\u001b[K");

    /// <summary>What the command's exit code becomes once everything is written.</summary>
    public int Judge(int exitCode)
    {
        Out.Flush();
        if (Out.Fault is not { } fault || exitCode != ExitCodes.Fine)
            return exitCode;
        // As in 'tunegrid trials STUDY | head': the reader has had enough.
        if (fault is ReaderLeftException && !IsWholeOrNothing)
            return exitCode;
        Error.WriteLine($"tunegrid: stdout could not be written: {fault.Message}");
        return ExitCodes.NotWritten;
    }

    /// <summary>Stories and tables are UTF-8 whatever the system says, and without a byte-order mark.</summary>
    private static TextWriter Open(int number)
    {
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        return TextWriter.Synchronized(new StreamWriter(StandardStream.OpenForWriting(number), utf8) { AutoFlush = true });
    }

    private static void SpeakUtf8()
    {
        try
        {
            Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        }
        catch (IOException)
        {
            // There is no console.
        }
    }
}
