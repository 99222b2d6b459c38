using System.CommandLine;
using TuneGrid.Cli.Context;
using TuneGrid.Cli.Terminal;
using TuneGrid.Storage;
using TuneGrid.Training.Corpora;

namespace TuneGrid.Cli.Commands;

/// <summary><c>tunegrid corpus fetch tinystories</c>: a cut download goes on where it stopped.</summary>
internal static class CorpusFetchCommand
{
    private const string Fetchable = "tinystories";

    public static Command Create(CliConsole console)
    {
        var name = new Argument<string>("name") { Description = "tinystories" };
        var address = new Option<string?>("--url")
        {
            Description = "A folder with the two files, instead of where they are published", HelpName = "URL",
        };
        var command = new Command("fetch", "Downloads a published text.") { name, address };
        command.SetAction(async (parsed, cancellation) =>
        {
            if (parsed.GetValue(name) is var wanted && wanted != Fetchable)
                throw new UsageException($"'{wanted}' can't be fetched; '{Fetchable}' can. Other texts: tunegrid corpus add");
            var line = new DownloadLine(console);
            try
            {
                var corpora = new CommandContext(console).Corpora;
                var entry = await corpora.FetchAsync(Fetchable, Address(parsed.GetValue(address)), line, null, cancellation);
                line.End();
                console.Word.WriteLine($"{entry.Name}: {CorpusListCommand.Size(entry)}");
                return ExitCodes.Fine;
            }
            catch (CorpusException e)
            {
                // The line or the server is to blame, not what was typed.
                line.End();
                console.Error.WriteLine($"tunegrid: {e.Message}");
                return ExitCodes.Failure;
            }
        });
        return command;
    }

    private static Uri? Address(string? text)
    {
        if (text is null)
            return null;
        return Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is ("http" or "https")
            ? address
            : throw new UsageException($"--url is '{Secrets.Mask(text)}'; expected an http or https address");
    }
}
