using System.CommandLine;
using TuneGrid.Cli.Terminal;

namespace TuneGrid.Cli.Commands;

/// <summary><c>tunegrid corpus add|fetch|list</c>.</summary>
internal static class CorpusCommand
{
    public static Command Create(CliConsole console) => new("corpus", "The texts this machine can train on.")
    {
        CorpusAddCommand.Create(console), CorpusFetchCommand.Create(console), CorpusListCommand.Create(console),
    };
}
