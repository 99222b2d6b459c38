using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using TuneGrid.Cli.Context;
using TuneGrid.Cli.Flags;
using TuneGrid.Cli.Terminal;
using TuneGrid.Silo.Corpora;

namespace TuneGrid.Cli.Commands;

/// <summary><c>tunegrid corpus list</c>.</summary>
internal static class CorpusListCommand
{
    public static Command Create(CliConsole console)
    {
        var output = CommonOptions.Output();
        var command = new Command("list", "Lists the corpora of this machine.") { output };
        command.SetAction(parsed =>
        {
            var corpora = new CommandContext(console).Corpora.List();
            if (parsed.GetValue(output) == OutputFormat.Json)
                Json.Write(console, corpora.Select(Describe));
            else
                Print(console, corpora);
            return ExitCodes.Fine;
        });
        return command;
    }

    /// <summary>What a corpus holds, in words.</summary>
    public static string Size(CorpusEntry entry) =>
        $"{Text.Bytes(entry.TrainBytes)} to train on, {Text.Bytes(entry.ValidBytes)} to score with";

    private static JsonObject Describe(CorpusEntry entry) => new()
    {
        ["corpus"] = entry.Name, ["hash"] = entry.Hash, ["train_bytes"] = entry.TrainBytes, ["valid_bytes"] = entry.ValidBytes,
    };

    private static void Print(CliConsole console, IReadOnlyList<CorpusEntry> corpora)
    {
        var table = new TextTable("corpus", "hash", "train", "valid");
        foreach (var entry in corpora)
            table.Add(entry.Name, entry.Hash[..8], Text.Bytes(entry.TrainBytes), Text.Bytes(entry.ValidBytes));
        table.Write(console.Out);
    }
}
