using System.CommandLine;
using System.CommandLine.Parsing;
using TuneGrid.Cli.Commands;
using TuneGrid.Cli.Input;
using TuneGrid.Cli.Terminal;
using TuneGrid.Storage;

namespace TuneGrid.Cli;

/// <summary>The whole command line: parse, run, and turn whatever goes wrong into one line and an exit code.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] arguments, CliConsole console)
    {
        var root = Build(console);
        // No response files: a prompt may begin with '@'.
        var parsed = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0 && parsed.Action is not System.CommandLine.Help.HelpAction)
            return Refuse(parsed, console);
        try
        {
            var configuration = new InvocationConfiguration
            {
                Output = console.Out, Error = console.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null,
            };
            return console.Judge(await parsed.InvokeAsync(configuration, console.Interrupts.Stop));
        }
        catch (Exception e)
        {
            return Failures.Report(e, console);
        }
    }

    internal static RootCommand Build(CliConsole console)
    {
        var root = new RootCommand("Finds the strongest small GPT that this hardware can train in a fixed time.")
        {
            SearchCommand.Create(console), ResumeCommand.Create(console), StartSiloCommand.Create(console),
            StudiesCommand.Create(console), ShowCommand.Create(console), TrialsCommand.Create(console), BestCommand.Create(console),
            WatchCommand.Create(console), ReplayCommand.Create(console), ExplainCommand.Create(console), ImportanceCommand.Create(console),
            EnqueueCommand.Create(console), RetryCommand.Create(console),
            PauseCommand.Create(console), CancelCommand.Create(console), SilosCommand.Create(console), ClusterCommand.Create(console),
            DoctorCommand.Create(console), ValidateCommand.Create(console), SpaceCommand.Create(console), SimulateCommand.Create(console),
            TrainCommand.Create(console), SampleCommand.Create(console), ExportCommand.Create(console),
            CorpusCommand.Create(console), StoreCommand.Create(console), TorchCommand.Create(console), BenchCommand.Create(console),
        };
        root.SetAction(_ => { root.Parse("--help").Invoke(new InvocationConfiguration { Output = console.Out, Error = console.Error }); });
        return root;
    }

    /// <summary>The first mistake only: the rest often follows from it.</summary>
    private static int Refuse(ParseResult parsed, CliConsole console)
    {
        var command = parsed.CommandResult.Command;
        var path = Path(parsed.CommandResult);
        var message = Secrets.Mask(parsed.Errors[0].Message).ReplaceLineEndings(" ").TrimEnd('.', ' ');
        if (parsed.UnmatchedTokens is [var unmatched, ..])
        {
            var unknown = Secrets.Mask(unmatched);
            var isOption = unknown.StartsWith('-');
            var kind = isOption ? "option" : command.Subcommands.Count > 0 ? "command" : "argument";
            message = $"unknown {kind} '{unknown}'";
            var hint = Nearest.Hint(unknown, isOption ? Options(parsed.CommandResult) : command.Subcommands.Select(c => c.Name));
            console.Error.WriteLine($"{path}: {message}.{hint} See '{path} --help'.");
            return ExitCodes.BadInput;
        }
        if (command.Subcommands.Count > 0 && command.Action is null)
            message = $"needs one of: {string.Join(", ", command.Subcommands.Select(c => c.Name))}";
        else if (GivenArguments(parsed.CommandResult) < command.Arguments.Count(a => a.Arity.MinimumNumberOfValues > 0))
            message = $"needs {string.Join(" ", command.Arguments.Select(a => $"<{a.Name}>"))}";
        console.Error.WriteLine($"{path}: {message}. See '{path} --help'.");
        return ExitCodes.BadInput;
    }

    private static int GivenArguments(CommandResult result) => result.Children.Count(c => c is ArgumentResult { Tokens.Count: > 0 });

    private static string Path(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{Path(parent)} {result.Command.Name}" : "tunegrid";

    private static IEnumerable<string> Options(CommandResult result) => result.Command.Options.SelectMany(o => o.Aliases.Append(o.Name));
}
