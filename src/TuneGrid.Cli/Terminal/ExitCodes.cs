namespace TuneGrid.Cli.Terminal;

/// <summary>What a script sees. Interrupted commands end with 128 + the signal's number, see <see cref="Interrupts.ExitCode"/>.</summary>
internal static class ExitCodes
{
    public const int Fine = 0;
    public const int Failure = 1;
    public const int BadInput = 2;

    /// <summary>The work is done and safe, but what was asked for as output could not be written.</summary>
    public const int NotWritten = 4;
}
