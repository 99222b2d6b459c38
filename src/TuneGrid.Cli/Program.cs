using TuneGrid.Cli;
using TuneGrid.Cli.Terminal;

using var interrupts = Interrupts.Listen();
return await CommandLine.RunAsync(args, CliConsole.OfProcess(interrupts));
