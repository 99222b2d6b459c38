using System.Text;

namespace TuneGrid.Cli.Terminal;

/// <summary>Where the commands read and write, so that tests run them in-process. Results go to Out, everything else to Error.</summary>
/// <param name="IsErrorTerminal">A person looks at stderr: live views may redraw there.</param>
/// <param name="Interrupts">Ctrl-C and SIGTERM.</param>
internal sealed record CliConsole(TextReader In, TextWriter Out, TextWriter Error, bool IsErrorTerminal, Interrupts Interrupts)
{
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    public static CliConsole OfProcess(Interrupts interrupts)
    {
        // Stories and tables are UTF-8 whatever the locale says, and without a byte-order mark.
        if (Console.OutputEncoding.CodePage != Encoding.UTF8.CodePage)
            Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        return new(Console.In, Console.Out, Console.Error, !Console.IsErrorRedirected, interrupts);
    }
}
