namespace TuneGrid.Cli;

/// <summary>The user asked for something that can't be: one line, exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>The command did what it could and already said what went wrong: only the exit code is left.</summary>
internal sealed class ExitException(int code) : Exception
{
    public int Code { get; } = code;
}
