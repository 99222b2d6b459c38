using System.CommandLine;
using TuneGrid.Cli.Terminal;

namespace TuneGrid.Cli.Commands;

/// <summary><c>tunegrid space</c>: search spaces made from what studies found.</summary>
internal static class SpaceCommand
{
    public static Command Create(CliConsole console) =>
        new("space", "Makes search spaces from what a study found.") { SpaceAroundCommand.Create(console) };
}
