namespace TuneGrid.Cli.Telemetry;

/// <summary>Where spans go.</summary>
public enum TraceMode
{
    Off,

    /// <summary>One line per span, to the text writer given (stderr).</summary>
    Console,

    /// <summary>OTLP, as the standard OTEL_* variables say.</summary>
    Otlp,
}
