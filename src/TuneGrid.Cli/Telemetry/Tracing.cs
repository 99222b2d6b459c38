using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using TuneGrid.Cli.Terminal;
using TuneGrid.Coordination.Telemetry;

namespace TuneGrid.Cli.Telemetry;

/// <summary>Collects spans and metrics for as long as it lives. Dispose sends what is left, for three seconds at most.</summary>
internal sealed class Tracing : IDisposable
{
    /// <summary>The calls between grains, where this process makes any.</summary>
    private const string GrainCalls = "Microsoft.Orleans.Application";

    /// <summary>Activations, directory, storage and the calls of Orleans itself too.</summary>
    private const string AllOfOrleans = "Microsoft.Orleans.*";

    /// <summary>Counts what was tried again: calls to grains, to PostgreSQL, downloads.</summary>
    private const string Retries = "Polly";

    private const int FlushTimeoutMs = 3000;
    private readonly ServiceProvider _services;
    private readonly TracerProvider? _traces;
    private readonly MeterProvider? _metrics;

    private Tracing(ServiceProvider services)
    {
        _services = services;
        _traces = services.GetService<TracerProvider>();
        _metrics = services.GetService<MeterProvider>();
    }

    /// <param name="options">With <see cref="TraceMode.Off"/> nothing listens.</param>
    /// <param name="writer">
    /// Where <see cref="TraceMode.Lines"/> and <see cref="TraceMode.Console"/> write: stderr, since stdout carries results.
    /// </param>
    /// <returns>The listener, which the caller disposes at the command's end.</returns>
    /// <exception cref="UsageException">The OTEL_EXPORTER_OTLP_* variables can't be used.</exception>
    public static Tracing Start(TracingOptions options, TextWriter writer)
    {
        var services = new ServiceCollection();
        if (options.Mode == TraceMode.Off)
            return new(services.BuildServiceProvider());
        var telemetry = services.AddOpenTelemetry().ConfigureResource(Describe).WithTracing(traces => Trace(traces, options, writer));
        if (options.Mode == TraceMode.Otlp)
            telemetry.WithMetrics(m => m.AddMeter(GridInstruments.Name, Retries).AddRuntimeInstrumentation().AddOtlpExporter());
        var provider = services.BuildServiceProvider();
        try
        {
            return new(provider);
        }
        catch (Exception fault) when (fault is ArgumentException or IOException)
        {
            provider.Dispose();
            // Not the value: headers carry secrets.
            throw new UsageException($"--trace otlp can't start: {fault.Message.TrimEnd('.')}. "
                + "Of the OTEL_EXPORTER_OTLP_* variables, HEADERS is name=value,name=value and CERTIFICATE a PEM file that exists");
        }
    }

    public void Dispose()
    {
        // Shutting down flushes too, and both at once share the seconds: a collector that is down must not cost much time at the prompt.
        Parallel.Invoke(() => _traces?.Shutdown(FlushTimeoutMs), () => _metrics?.Shutdown(FlushTimeoutMs));
        _services.Dispose();
    }

    private static void Describe(ResourceBuilder resource)
    {
        var version = typeof(Tracing).Assembly.GetName().Version?.ToString(3);
        // In this order OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES win.
        resource.Clear().AddService("tunegrid", serviceVersion: version).AddTelemetrySdk().AddEnvironmentVariableDetector();
    }

    private static void Trace(TracerProviderBuilder traces, TracingOptions options, TextWriter writer)
    {
        traces.AddSource(GridInstruments.Name, options.Orleans ? AllOfOrleans : GrainCalls);
        traces.SetSampler(new ParentBasedSampler(options.Orleans ? new AlwaysOnSampler() : new GridSampler()));
        if (options.Sql)
            traces.AddNpgsql();
        _ = options.Mode switch
        {
            TraceMode.Lines => traces.AddProcessor(new SimpleActivityExportProcessor(new LineSpanExporter(writer))),
            TraceMode.Console => traces.AddProcessor(new SimpleActivityExportProcessor(new StderrConsoleExporter(writer))),
            _ => traces.AddOtlpExporter(),
        };
    }
}
