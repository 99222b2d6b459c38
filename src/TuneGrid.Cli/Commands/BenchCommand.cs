using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using TuneGrid.Cli.Context;
using TuneGrid.Cli.Flags;
using TuneGrid.Cli.Terminal;
using TuneGrid.Training.Kernels;
using TuneGrid.Training.Kernels.Measurement;

namespace TuneGrid.Cli.Commands;

/// <summary><c>tunegrid bench kernels</c>: how near this machine's kernels come to what its core can do.</summary>
internal static class BenchCommand
{
    private static readonly int[] Widths = [128, 192, 512];

    public static Command Create(CliConsole console) => new("bench", "Measurements of this machine.") { Kernels(console) };

    private static Command Kernels(CliConsole console)
    {
        var output = CommonOptions.Output();
        const string Description = "GFLOP/s of each kernel on one thread beside the measured peak, and where the time of whole steps goes.";
        var command = new Command("kernels", Description) { output };
        command.SetAction((parsed, cancellation) =>
        {
            var kernels = new CommandContext(console).Kernels;
            var peak = PeakBench.Measure(kernels.InstructionSet);
            console.Error.WriteLine($"measuring {KernelLadder.Name(kernels.InstructionSet)} on one thread ...");
            var rows = new List<KernelMeasurement>();
            foreach (var row in KernelBench.Run(kernels, peak, Widths))
            {
                cancellation.ThrowIfCancellationRequested();
                rows.Add(row);
            }
            console.Error.WriteLine("measuring whole steps on all threads ...");
            var steps = WholeStep.Measure(new CommandContext(console), cancellation);
            if (parsed.GetValue(output) == OutputFormat.Json)
            {
                Json.Write(console, Describe(kernels, peak, rows, steps));
                return Task.FromResult(ExitCodes.Fine);
            }
            Print(console, peak, rows);
            console.Out.WriteLine();
            WholeStep.Print(console, steps);
            return Task.FromResult(ExitCodes.Fine);
        });
        return command;
    }

    private static JsonObject Describe(
        KernelSet kernels, KernelPeak? peak, List<KernelMeasurement> rows, IReadOnlyList<WholeStep> steps) => new()
    {
        ["isa"] = KernelLadder.Name(kernels.InstructionSet),
        ["peak_instruction"] = peak?.Instruction,
        ["peak_gflops"] = Json.Number(peak?.GigaflopsPerSecond),
        ["kernels"] = Json.Array(rows.Select(r => new JsonObject
        {
            ["kernel"] = r.Kernel,
            ["shape"] = r.Shape,
            ["gflops"] = Json.Number(r.GigaflopsPerSecond),
            ["share_of_peak"] = peak is null ? null : Json.Number(r.ShareOfPeak),
        })),
        ["steps"] = Json.Array(steps.Select(s => s.Describe())),
    };

    private static void Print(CliConsole console, KernelPeak? peak, List<KernelMeasurement> rows)
    {
        if (peak is not null)
        {
            console.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"peak of {peak.Instruction}: {peak.GigaflopsPerSecond:0} GFLOP/s"));
        }
        var table = new TextTable("kernel", "shape", "gflop/s", "of peak");
        foreach (var row in rows)
        {
            table.Add(
                row.Kernel, row.Shape, row.GigaflopsPerSecond.ToString("0.0", CultureInfo.InvariantCulture),
                peak is null ? "-" : string.Create(CultureInfo.InvariantCulture, $"{row.ShareOfPeak * 100:0}%"));
        }
        table.Write(console.Out);
    }
}
