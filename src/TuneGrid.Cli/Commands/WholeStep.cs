using System.Globalization;
using System.Text.Json.Nodes;
using TuneGrid.Cli.Context;
using TuneGrid.Cli.Terminal;
using TuneGrid.Silo.Hardware;
using TuneGrid.Training;
using TuneGrid.Training.Model;
using TuneGrid.Training.Threading;

namespace TuneGrid.Cli.Commands;

/// <summary>A whole training step, measured: the shapes that the benchmarks compare with PyTorch, and our own defaults.</summary>
/// <param name="PeakMemoryBytes">Most resident memory of the process up to the end of its run; the shapes come in order of need.</param>
internal sealed record WholeStep(TrainingOptions Options, int Threads, StepReport Report, long PeakMemoryBytes)
{
    private const double Seconds = 3;

    private static readonly TrainingOptions[] Shapes =
    [
        new() { Recipe = Recipe.Plain, Width = 128, Depth = 4, BatchSize = 16 },
        new() { Recipe = Recipe.Plain, Width = 192, Depth = 3, BatchSize = 16 },
        new(),
        new() { Width = 256, Depth = 2 },
    ];

    private string Name => string.Create(
        CultureInfo.InvariantCulture,
        $"{Options.Recipe.ToString().ToLowerInvariant()} {Options.Width}x{Options.Depth} batch {Options.BatchSize}");

    public static IReadOnlyList<WholeStep> Measure(CommandContext context, CancellationToken cancellation)
    {
        var (threads, steps) = (CommandContext.ThreadsOrDefault(null), new List<WholeStep>());
        foreach (var options in Shapes)
        {
            cancellation.ThrowIfCancellationRequested();
            steps.Add(new(options, threads, StepBenchmark.Measure(options, context.Trainer(threads, 0), Seconds), Machine.PeakMemoryBytes));
        }
        return steps;
    }

    /// <summary>Milliseconds of a step by part; the parts add up to the step.</summary>
    public static void Print(CliConsole console, IReadOnlyList<WholeStep> steps)
    {
        var phases = Enum.GetValues<StepPhase>();
        var table = new TextTable(["step", "tokens/s", "peak MiB", "ms", .. phases.Select(Label)]);
        foreach (var step in steps)
        {
            table.Add([
                step.Name, Format(step.Report.TokensPerSecond, "0"), Format(step.PeakMemoryBytes / 1048576.0, "0"),
                Format(step.Report.StepMilliseconds, "0.0"), .. phases.Select(p => Format(step.Report.Milliseconds[p], "0.0")),
            ]);
        }
        table.Write(console.Out);
    }

    public JsonObject Describe() => new()
    {
        ["step"] = Name,
        ["threads"] = Threads,
        ["tokens_per_second"] = Json.Number(Report.TokensPerSecond),
        ["peak_memory_bytes"] = PeakMemoryBytes,
        ["milliseconds"] = Json.Number(Report.StepMilliseconds),
        ["parts"] = new JsonObject(
            Enum.GetValues<StepPhase>().Select(p => KeyValuePair.Create(Label(p), Json.Number(Report.Milliseconds[p])))),
    };

    private static string Label(StepPhase phase) => phase.ToString().ToLowerInvariant();

    private static string Format(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
