using System.CommandLine;
using System.Globalization;
using TuneGrid.Cli.Context;
using TuneGrid.Cli.Terminal;
using TuneGrid.Training.Torch.Libtorch;

namespace TuneGrid.Cli.Commands;

/// <summary><c>tunegrid torch install</c>: fetches libtorch, once, for the torch backend.</summary>
internal static class TorchCommand
{
    public static Command Create(CliConsole console) => new("torch", "The library of --backend torch.") { Install(console) };

    private static Command Install(CliConsole console)
    {
        var command = new Command(
            "install",
            $"Fetches libtorch {LibtorchPackage.Version} for this platform with NuGet, once. To be rid of it, delete the folder it names.");
        command.SetAction(async (_, cancellation) =>
        {
            var home = new CommandContext(console).Home.Folder;
            var package = LibtorchPackage.For(LibtorchPackage.ThisPlatform)
                ?? throw new UsageException(LibtorchPackage.Missing(LibtorchPackage.ThisPlatform));
            var folder = LibtorchFolder.Installed(home);
            if (!Directory.Exists(folder))
                Announce(console, package);
            var progress = new WaitingLine(console);
            try
            {
                await new LibtorchInstaller(home, package, LibtorchInstaller.FindDotnet(console.Variable))
                    .InstallAsync(progress, cancellation);
            }
            finally
            {
                progress.End();
            }
            console.Word.WriteLine($"libtorch {LibtorchPackage.Version} is in {folder}");
            if (console.Variable(LibtorchFolder.Variable) is { Length: > 0 } named)
                console.Error.WriteLine($"note: --backend torch takes {LibtorchFolder.Variable}={named} as long as that is set");
            return ExitCodes.Fine;
        });
        return command;
    }

    private static void Announce(CliConsole console, LibtorchPackage package)
    {
        if (LibtorchInstaller.Warning is { } warning)
            console.Error.WriteLine($"warning: {warning}; installing it all the same");
        var (download, disk) = (Text.Bytes(package.DownloadBytes), Text.Bytes(package.DiskBytes));
        console.Error.WriteLine($"fetching libtorch {LibtorchPackage.Version} for {package.Platform} ({download}, unpacked {disk}) ...");
    }

    /// <summary>How long it has taken: redrawn in place on a terminal, a line every ten seconds elsewhere.</summary>
    private sealed class WaitingLine(CliConsole console) : IProgress<TimeSpan>
    {
        private const int LogEverySeconds = 10;
        private bool _isDrawn;

        public void Report(TimeSpan value)
        {
            var seconds = (int)Math.Round(value.TotalSeconds);
            var line = string.Create(CultureInfo.InvariantCulture, $"{seconds} s");
            if (console.IsErrorTerminal)
                console.Redraw(line);
            else if (seconds % LogEverySeconds == 0)
                console.Error.WriteLine(line);
            _isDrawn |= console.IsErrorTerminal;
        }

        public void End()
        {
            if (_isDrawn)
                console.Error.WriteLine();
        }
    }
}
