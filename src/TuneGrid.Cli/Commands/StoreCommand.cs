using System.CommandLine;
using TuneGrid.Runtime.Storage;

namespace TuneGrid.Cli.Commands;

/// <summary><c>tunegrid store init|upgrade</c>: what the owner of a shared store does once.</summary>
internal static class StoreCommand
{
    public static Command Create(CliConsole console) => new("store", "Creates and upgrades the tables of a store.")
    {
        Migration(console, "init", "Creates the tables, or upgrades them if they are older.", StoreAdministration.InitAsync),
        Migration(console, "upgrade", "Upgrades the tables of an older TuneGrid.", StoreAdministration.UpgradeAsync),
    };

    private static Command Migration(CliConsole console, string name, string description, Func<StoreLocation, CancellationToken, Task> migrate)
    {
        var command = new Command(name, description);
        var store = new StoreFlag().AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var location = new Workplace(console).Location(store.Read(parsed));
            await migrate(location, cancellation);
            console.Out.WriteLine($"{location} is ready");
            return ExitCodes.Fine;
        });
        return command;
    }
}
