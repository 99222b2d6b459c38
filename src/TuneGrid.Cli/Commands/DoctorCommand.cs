using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using TuneGrid.Cli.Backends;
using TuneGrid.Cli.Context;
using TuneGrid.Cli.Flags;
using TuneGrid.Cli.Terminal;
using TuneGrid.Silo.Hardware;
using TuneGrid.Training.Kernels;

namespace TuneGrid.Cli.Commands;

/// <summary><c>tunegrid doctor</c>: what this machine has, and whether the store answers. Exit code 1 if something is broken.</summary>
internal static class DoctorCommand
{
    public static Command Create(CliConsole console)
    {
        var (store, output) = (new StoreFlag(), CommonOptions.Output());
        const string Description = "Shows what this machine has: cores, instruction set, memory, backends, corpora, store.";
        var command = new Command("doctor", Description) { output };
        store.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var context = new CommandContext(console);
            var report = new JsonObject
            {
                ["machine"] = DescribeMachine(context),
                ["kernels"] = DescribeKernels(),
                ["backends"] = DescribeBackends(context),
                ["corpora"] = DescribeCorpora(context),
            };
            var health = await StoreHealth.CheckAsync(context, store.Read(parsed), cancellation);
            report["store"] = health.Describe();
            if (parsed.GetValue(output) == OutputFormat.Json)
                Json.Write(console, report);
            else
                Print(console, report);
            return health.Problem is null ? ExitCodes.Fine : ExitCodes.Failure;
        });
        return command;
    }

    private static JsonObject DescribeMachine(CommandContext context)
    {
        var (machine, threads) = (Machine.Here, CommandContext.ThreadsOrDefault(null));
        return new()
        {
            ["host"] = machine.Host,
            ["platform"] = machine.Platform,
            ["cpu"] = machine.CpuModel,
            ["cores"] = machine.Cores,
            ["processors"] = machine.Processors,
            ["memory_bytes"] = machine.MemoryBytes,
            ["threads"] = threads,
            ["isa"] = KernelLadder.Name(context.Kernels.InstructionSet),
            ["hardware_class"] = context.Class(threads).Key,
            ["energy_counters"] = EnergyMeter.Open() is not null,
            ["home"] = context.Home.Folder,
        };
    }

    private static JsonObject DescribeKernels()
    {
        var steps = new JsonObject();
        foreach (var set in Enum.GetValues<InstructionSet>())
            steps[KernelLadder.Name(set)] = KernelLadder.Supported.Contains(set) ? "yes"
                : $"no: {KernelLadder.Missing.GetValueOrDefault(set, "not supported")}";
        return steps;
    }

    private static JsonObject DescribeBackends(CommandContext context)
    {
        var backends = new JsonObject(
            EngineFactory.Describe(context.Kernels, context.Libtorch).Select(b => KeyValuePair.Create(b.Name, (JsonNode?)b.State)));
        if (AppleGpu.NoteFor(BackendChoice.Native, AppleGpu.IsHere) is { } note)
            backends["note"] = note;
        return backends;
    }

    private static JsonObject DescribeCorpora(CommandContext context)
    {
        var corpora = new JsonObject();
        foreach (var entry in context.Corpora.List())
            corpora[entry.Name] = CorpusListCommand.Size(entry);
        return corpora;
    }

    private static void Print(CliConsole console, JsonObject report)
    {
        foreach (var (title, section) in report)
        {
            console.Out.WriteLine(title);
            foreach (var (name, value) in section!.AsObject())
            {
                var text = name == "memory_bytes" ? Text.Bytes(value!.GetValue<long>()) : value?.ToString() ?? "-";
                console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name.Replace('_', ' '),-16} {text}"));
            }
        }
    }
}
