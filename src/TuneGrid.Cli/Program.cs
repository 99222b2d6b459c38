using TuneGrid.Cli;

using var interrupts = Interrupts.Listen();
return await CommandLine.RunAsync(args, CliConsole.OfProcess(interrupts));
