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
        var command = new Command("doctor", "Shows what this machine has: cores, instruction set, memory, backends, corpora, store.") { output };
        store.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var place = new Workplace(console);
            var report = new JsonObject
            {
                ["machine"] = DescribeMachine(place),
                ["kernels"] = DescribeKernels(),
                ["backends"] = DescribeBackends(place),
                ["corpora"] = DescribeCorpora(place),
            };
            var health = await StoreHealth.CheckAsync(place, store.Read(parsed), cancellation);
            report["store"] = health.Describe();
            if (parsed.GetValue(output) == OutputFormat.Json)
                Json.Write(console, report);
            else
                Print(console, report);
            return health.Problem is null ? ExitCodes.Fine : ExitCodes.Failure;
        });
        return command;
    }

    private static JsonObject DescribeMachine(Workplace place)
    {
        var (machine, threads) = (Machine.Here, Workplace.ThreadsOrDefault(null));
        return new()
        {
            ["host"] = machine.Host,
            ["platform"] = machine.Platform,
            ["cpu"] = machine.CpuModel,
            ["cores"] = machine.Cores,
            ["processors"] = machine.Processors,
            ["memory_bytes"] = machine.MemoryBytes,
            ["threads"] = threads,
            ["isa"] = KernelLadder.Name(place.Kernels.InstructionSet),
            ["hardware_class"] = place.Class(threads).Key,
            ["energy_counters"] = EnergyMeter.Open() is not null,
            ["home"] = place.Home.Folder,
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

    private static JsonObject DescribeBackends(Workplace place)
    {
        var backends = new JsonObject(
            EngineFactory.Describe(place.Kernels, place.Libtorch).Select(b => KeyValuePair.Create(b.Name, (JsonNode?)b.State)));
        if (AppleGpu.NoteFor(BackendChoice.Native, AppleGpu.IsHere) is { } note)
            backends["note"] = note;
        return backends;
    }

    private static JsonObject DescribeCorpora(Workplace place)
    {
        var corpora = new JsonObject();
        foreach (var entry in place.Corpora.List())
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
