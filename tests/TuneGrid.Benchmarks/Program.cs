using TuneGrid.Benchmarks;
using TuneGrid.Benchmarks.Learning;

return args.FirstOrDefault() switch
{
    "store" => await StoreBenchmark.RunAsync(args[1..]),
    "store-open" => await StoreOpenBenchmark.RunAsync(args[1..]),
    "ablate" => AblationStudy.Run(args[1..]),
    "transfer" => TransferStudy.Run(args[1..]),
    "rungs" => RungStudy.Run(args[1..]),
    "step" => StepCommand.Run(args[1..]),
    "scale" => ScaleBenchmark.Run(args[1..]),
    "engines" => EnginesCommand.Run(args[1..]),
    "simulate" => SimulateCommand.Run(args[1..]),
    "finalists" => FinalistsCommand.Run(args[1..]),
    "wake" => await WakeBenchmark.RunAsync(args[1..]),
    "ledger" => LedgerBenchmark.Run(args[1..]),
    _ => Usage(),
};

static int Usage()
{
    (string Command, string Purpose)[] commands =
    [
        (
            "store [--storage sqlite|PostgreSQL connection string] [--processes N] [--studies one|own] [--trials N]",
            "trials proposed and reported a second"),
        ("store-open [--trials N] [--keep FOLDER]", "seconds to open and list a store of N trials, which stays in the folder"),
        ("wake [--storage sqlite|PostgreSQL connection string] [--silos N] [--rounds N]", "milliseconds until an idle silo takes new work"),
        ("ledger [N]", "seconds to decide a study of N trials, and to read its ledger back"),
        ("simulate [--seeds N] [--from N] [--seed N]", "the simulated cluster under faults; a failure names its seed"),
        ("finalists [--studies N]", "how often the true best is named by one run's score, and by the mean of finalists, simulated"),
        ("scale [--silos N] [--trials-per-silo N]", "what a decision and a trial cost as the fleet grows to N (10000), simulated"),
        (
            "engines [--seconds N] [--threads N]",
            "tokens a second of our own engine and of libtorch (once: tunegrid torch install), side by side"),
        ("step [--seconds N] [--threads N] [option=value ...]", "tokens a second of whole training steps, and where the time goes"),
        (
            "ablate [--corpus NAME] [--tokens N] [--seeds N] [--base \"option=value ...\"] [\"option=value ...\" ...]",
            "what each default is worth"),
        ("transfer [--corpus NAME] [--tokens N] [--rates N]", "the best learning rate over width and depth under mup"),
        ("rungs [--corpus NAME] [--space FILE] [--trials N] [--gigaflops N]", "how well rung scores tell the final ones"),
    ];
    var prefix = "usage:";
    foreach (var (command, purpose) in commands)
    {
        Console.Error.WriteLine($"{prefix,6} {command}   {purpose}");
        prefix = "";
    }
    return 2;
}
