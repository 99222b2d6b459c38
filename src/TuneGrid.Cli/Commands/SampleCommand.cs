using System.CommandLine;
using TuneGrid.Cli.Context;
using TuneGrid.Cli.Flags;
using TuneGrid.Cli.Sessions;
using TuneGrid.Cli.Terminal;
using TuneGrid.Cli.Views;
using TuneGrid.Training;

namespace TuneGrid.Cli.Commands;

/// <summary><c>tunegrid sample [MODEL]</c>: a story, written as it is made.</summary>
internal static class SampleCommand
{
    private const int DefaultTokens = 256;

    public static Command Create(CliConsole console)
    {
        var model = CommonOptions.ModelArgument();
        var prompt = new Option<string>("--prompt")
        {
            Description = "How the story begins", HelpName = "TEXT", DefaultValueFactory = _ => StorySample.Prompt,
        };
        var temperature = CommonOptions.Real("--temperature", "0 always takes the likeliest token [default: 0.8]", 0, 100);
        var topP = CommonOptions.Real("--top-p", "Only the likeliest tokens that together have this probability [default: 1]", 0, 1);
        var seed = CommonOptions.Seed("Another seed, another story [default: 0]");
        var tokens = CommonOptions.Integer("--tokens", "At most this many tokens [default: 256]", 1, 1_000_000);
        var (threads, store) = (CommonOptions.Threads(), new StoreFlag());
        var command = new Command("sample", "Writes a story.") { model, prompt, temperature, topP, seed, tokens, threads };
        store.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var context = new CommandContext(console);
            var options = new GenerationOptions(
                parsed.GetValue(temperature) ?? 0.8, parsed.GetValue(topP) ?? 1, parsed.GetValue(tokens) ?? DefaultTokens,
                parsed.GetValue(seed) ?? 0);
            var path = await ModelFinder.FindAsync(context, store.Read(parsed), parsed.GetValue(model), console.Error, cancellation);
            var count = CommandContext.ThreadsOrDefault(parsed.GetValue(threads));
            using var language = LanguageModel.Load(path, CommandContext.Writer(count, options.Seed));
            var text = parsed.GetValue(prompt)!;
            console.Out.Write(text);
            language.Generate(text, options, Write, cancellation);
            console.Out.WriteLine();
            return ExitCodes.Fine;

            void Write(string piece)
            {
                console.Out.Write(piece);
                console.Out.Flush();
            }
        });
        return command;
    }
}
