namespace TuneGrid.Cli.Terminal;

/// <summary>The command did what it could and already said what went wrong: only the exit code is left.</summary>
internal sealed class ExitException(int code) : Exception
{
    public int Code { get; } = code;
}
