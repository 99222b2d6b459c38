using System.CommandLine;
using TuneGrid.Cli.Context;
using TuneGrid.Cli.Input;
using TuneGrid.Cli.Terminal;

namespace TuneGrid.Cli.Commands;

/// <summary><c>tunegrid corpus add NAME --train FILE [--valid FILE]</c>.</summary>
internal static class CorpusAddCommand
{
    public static Command Create(CliConsole console)
    {
        var name = new Argument<string>("name") { Description = "What search spaces call it" };
        var train = new Option<string>("--train")
        {
            Description = "The text: stories separated by <|endoftext|> lines, or plain text", HelpName = "FILE", Required = true,
        };
        var valid = new Option<string?>("--valid")
        {
            Description = "The text to score with [default: a share of the training text]", HelpName = "FILE",
        };
        var command = new Command("add", "Registers a text.") { name, train, valid };
        command.SetAction((parsed, cancellation) =>
        {
            var entry = new CommandContext(console).Corpora.Add(
                parsed.GetValue(name)!, InputFile.Required(parsed.GetValue(train)!), InputFile.Optional(parsed.GetValue(valid)),
                cancellation);
            console.Word.WriteLine($"{entry.Name}: {CorpusListCommand.Size(entry)}");
            return Task.FromResult(ExitCodes.Fine);
        });
        return command;
    }
}
