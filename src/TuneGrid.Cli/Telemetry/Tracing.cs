using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace TuneGrid.Cli.Telemetry;

/// <summary>Collects the "TuneGrid" spans and metrics for as long as it lives. Dispose flushes.</summary>
public sealed class Tracing : IDisposable
{
    private const string Name = "TuneGrid";

    /// <summary>The calls between grains, where this process makes any.</summary>
    private const string GrainCalls = "Microsoft.Orleans.Application";
    private const int FlushTimeoutMs = 3000;
    private readonly TracerProvider? _traces;
    private readonly MeterProvider? _metrics;

    private Tracing(TracerProvider? traces, MeterProvider? metrics) => (_traces, _metrics) = (traces, metrics);

    /// <param name="writer">Where <see cref="TraceMode.Console"/> writes: stderr, since stdout carries results.</param>
    public static Tracing Start(TraceMode mode, TextWriter writer)
    {
        if (mode == TraceMode.Off)
            return new(null, null);
        // In this order OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES win.
        var resource = ResourceBuilder.CreateEmpty().AddService("tunegrid", serviceVersion: typeof(Tracing).Assembly.GetName().Version?.ToString(3)).AddTelemetrySdk().AddEnvironmentVariableDetector();
        var traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(Name, GrainCalls).SetSampler(new ParentBasedSampler(new GridSampler()));
        if (mode == TraceMode.Console)
            return new(traces.AddProcessor(new SimpleActivityExportProcessor(new ConsoleSpanExporter(writer))).Build(), null);
        var metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(Name).AddOtlpExporter();
        return new(traces.AddOtlpExporter().Build(), metrics.Build());
    }

    public void Dispose()
    {
        _traces?.ForceFlush(FlushTimeoutMs);
        _metrics?.ForceFlush(FlushTimeoutMs);
        _traces?.Dispose();
        _metrics?.Dispose();
    }
}
