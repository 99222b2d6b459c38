namespace TuneGrid.Cli.Terminal;

/// <summary>The user asked for something that can't be: one line, exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);
