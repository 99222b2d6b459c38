namespace TuneGrid.Cli.Telemetry;

/// <summary>Where spans go.</summary>
internal enum TraceMode
{
    Off,

    /// <summary>One line per span, to stderr.</summary>
    Lines,

    /// <summary>OpenTelemetry's own console exporter: one line per field, to stderr.</summary>
    Console,

    /// <summary>OTLP, as the standard OTEL_* variables say; metrics too.</summary>
    Otlp,
}

/// <summary>What is traced, and where the spans go.</summary>
/// <param name="Sql">Statements sent to a PostgreSQL store too.</param>
/// <param name="Orleans">All that Orleans traces, not only the calls between grains in a study's trace.</param>
internal sealed record TracingOptions(TraceMode Mode, bool Sql = false, bool Orleans = false);
