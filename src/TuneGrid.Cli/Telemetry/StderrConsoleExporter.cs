using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Exporter;

namespace TuneGrid.Cli.Telemetry;

/// <summary>The stock console exporter, which knows only stdout, made to write elsewhere: stdout carries results.</summary>
internal sealed class StderrConsoleExporter(TextWriter writer) : ConsoleActivityExporter(new ConsoleExporterOptions())
{
    /// <summary>The console is the process's own: two exporters must not take each other's writer for it.</summary>
    private static readonly Lock Gate = new();

    public override ExportResult Export(in Batch<Activity> batch)
    {
        lock (Gate)
        {
            // For this call only. Results don't pass here: CliConsole took its own writer when the program began.
            var output = Console.Out;
            Console.SetOut(writer);
            try
            {
                return base.Export(batch);
            }
            finally
            {
                Console.SetOut(output);
            }
        }
    }
}
