using System.CommandLine;
using System.ComponentModel;
using TuneGrid.Cli.Context;
using TuneGrid.Cli.Flags;
using TuneGrid.Cli.Input;
using TuneGrid.Cli.Output;
using TuneGrid.Cli.Telemetry;
using TuneGrid.Cli.Terminal;
using TuneGrid.Silo.Hardware;
using TuneGrid.Silo.Hosting;

namespace TuneGrid.Cli.Commands;

/// <summary>
/// <c>tunegrid start-silo</c>: a worker that serves every study of the store until it is told to stop. SIGTERM and <c>silos drain</c> are
/// orderly ends with exit code 0; Ctrl-C is as orderly and ends with 130.
/// </summary>
internal static class StartSiloCommand
{
    public static Command Create(CliConsole console)
    {
        var name = new Option<string?>("--name") { Description = "A name for people [default: the host's]" };
        var nice = CommonOptions.Integer("--nice", "Give way to other programs: 0 to 19", 0, 19);
        var memory = new Option<string?>("--memory-limit")
        {
            Description = "Refuse trials that need more, for example 4GiB [default: the machine's memory]", HelpName = "SIZE",
        };
        var most = CommonOptions.Integer("--max-trials", "Leave after this many segments", 1, int.MaxValue);
        var idle = CommonOptions.Real("--idle-exit", "Leave after this many seconds without work", 0, 1e9);
        var (threads, store, trace) = (CommonOptions.Threads(), new StoreFlag(), new TraceFlag());
        var command = new Command("start-silo", "Trains for every study of a store.") { name, threads, nice, memory, most, idle };
        store.AddTo(command);
        trace.AddTo(command);
        var listen = new ListenFlag(isClientToo: false).AddTo(command);
        var backend = new BackendFlag().AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var context = new CommandContext(console) { Backend = backend.Read(parsed) };
            var access = listen.Read(parsed, console, line => SiloLog.Write(console.Error, line));
            var limit = parsed.GetValue(memory) is { } text ? ByteSize.Parse("--memory-limit", text) : 0;
            var count = CommandContext.ThreadsOrDefault(parsed.GetValue(threads));
            var mine = context.Silo(count);
            var options = mine with
            {
                Trainer = context.Trainer(count, 0, limit),
                Name = parsed.GetValue(name) ?? "",
                Options = mine.Options with
                {
                    MaxTrials = parsed.GetValue(most),
                    IdleExit = parsed.GetValue(idle) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
                },
                Listen = access.Silo,
                Notify = notice => SiloLog.Write(console.Error, notice),
            };
            using var tracing = Tracing.Start(trace.Read(parsed), console.Error);
            try
            {
                await using var opened = await context.OpenStoreAsync(store.Read(parsed), cancellation);
                if (parsed.GetValue(nice) is { } level)
                    BeNice(console, level);
                console.Error.WriteLine($"silo of class {options.Class} serves {context.Location(store.Read(parsed))}");
                var exit = await SiloHost.RunAsync(context.EncodedCorpora, opened, options, cancellation);
                console.Error.WriteLine($"silo left: {SiloLog.Why(exit)}");
            }
            catch (OperationCanceledException) when (console.Interrupts.IsTermination)
            {
                // Stopped before it had begun, which is as orderly as later: once it works, it ends by itself and says so.
            }
            return cancellation.IsCancellationRequested && !console.Interrupts.IsTermination ? console.Interrupts.ExitCode : ExitCodes.Fine;
        });
        return command;
    }

    private static void BeNice(CliConsole console, int level)
    {
        try
        {
            ProcessPriority.Lower(level);
        }
        catch (Exception e) when (e is Win32Exception or PlatformNotSupportedException)
        {
            console.Error.WriteLine($"--nice was not granted: {e.Message}");
        }
    }
}
