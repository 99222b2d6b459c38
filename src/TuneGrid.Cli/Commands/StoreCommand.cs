using System.CommandLine;
using TuneGrid.Cli.Context;
using TuneGrid.Cli.Flags;
using TuneGrid.Cli.Output;
using TuneGrid.Cli.Terminal;
using TuneGrid.Coordination.Work;
using TuneGrid.Silo.Segments;
using TuneGrid.Storage;

namespace TuneGrid.Cli.Commands;

/// <summary><c>tunegrid store init|upgrade|sweep</c>: what the owner of a shared store does once, or once in a while.</summary>
internal static class StoreCommand
{
    public static Command Create(CliConsole console) => new("store", "Creates and upgrades the tables of a store, and tidies it up.")
    {
        Migration(console, "init", "Creates the tables, or upgrades them if they are older.", StoreAdministration.InitAsync),
        Migration(console, "upgrade", "Upgrades the tables of an older TuneGrid.", StoreAdministration.UpgradeAsync),
        Sweep(console),
    };

    private static Command Sweep(CliConsole console)
    {
        var command = new Command(
            "sweep",
            "Deletes checkpoints and models that no study needs: what silos left that died. Those that no study names are left alone for "
            + "an hour while silos train. Not for an --artifacts folder that another store uses too.");
        var store = new StoreFlag().AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var opened = await new CommandContext(console).OpenStoreAsync(store.Read(parsed), cancellation);
            var swept = await opened.Sweep().WholeStoreAsync(ArtifactSweep.Grace, cancellation);
            console.Word.WriteLine($"{StudyText.Count(swept.Deleted)} deleted that no study needs, {Text.Bytes(swept.Deleted.Bytes)}");
            foreach (var damage in swept.Damaged)
                console.Error.WriteLine($"set aside, with all that no study names: {damage.Message}");
            return ExitCodes.Fine;
        });
        return command;
    }

    private static Command Migration(
        CliConsole console, string name, string description, Func<StoreLocation, CancellationToken, Task> migrate)
    {
        var command = new Command(name, description);
        var store = new StoreFlag().AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var location = new CommandContext(console).Location(store.Read(parsed));
            await migrate(location, cancellation);
            console.Word.WriteLine($"{location} is ready");
            return ExitCodes.Fine;
        });
        return command;
    }
}
