using System.Diagnostics;
using System.Globalization;
using System.Text;
using OpenTelemetry;

namespace TuneGrid.Cli.Telemetry;

/// <summary>
/// Writes each span as one line when it ends, so a child stands above its parent, indented by its depth in this process:
/// <code>12:03:04.512    1.204 s    segment  trial=t3 rung=1  [trace 4bf92f35 span 00f067aa parent 53995c3f]</code>
/// </summary>
internal sealed class ConsoleSpanExporter(TextWriter writer) : BaseExporter<Activity>
{
    private const int IdDigits = 8;

    public override ExportResult Export(in Batch<Activity> batch)
    {
        foreach (var span in batch)
        {
            lock (writer)
                writer.WriteLine(Line(span));
        }
        return ExportResult.Success;
    }

    internal static string Line(Activity span)
    {
        var line = new StringBuilder();
        line.Append(span.StartTimeUtc.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture));
        line.Append(CultureInfo.InvariantCulture, $" {Duration(span.Duration),10}  ");
        for (var parent = span.Parent; parent is not null; parent = parent.Parent)
            line.Append("  ");
        line.Append(span.DisplayName);
        foreach (var (key, value) in span.TagObjects)
            line.Append(CultureInfo.InvariantCulture, $" {key}={Value(value)}");
        if (span.Status == ActivityStatusCode.Error)
            line.Append(CultureInfo.InvariantCulture, $" error={Value(span.StatusDescription ?? "yes")}");
        foreach (var entry in span.Events)
            line.Append(CultureInfo.InvariantCulture, $" +{Duration(entry.Timestamp - span.StartTimeUtc)}:{entry.Name}");
        line.Append(CultureInfo.InvariantCulture, $"  [trace {Short(span.TraceId.ToHexString())} span {Short(span.SpanId.ToHexString())}");
        if (span.ParentSpanId != default)
            line.Append(CultureInfo.InvariantCulture, $" parent {Short(span.ParentSpanId.ToHexString())}");
        foreach (var link in span.Links)
            line.Append(CultureInfo.InvariantCulture, $" link {Short(link.Context.SpanId.ToHexString())}");
        return line.Append(']').ToString();
    }

    private static string Short(string hex) => hex[..IdDigits];

    private static string Duration(TimeSpan time) => time.TotalSeconds >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.000} s")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.000} ms");

    /// <summary>One line stays one line, and a value with spaces stays one value.</summary>
    private static string Value(object? value)
    {
        var text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        return text.AsSpan().IndexOfAny(" \t\r\n\"") < 0 ? text : $"\"{text.ReplaceLineEndings(" ").Replace("\"", "'", StringComparison.Ordinal)}\"";
    }
}
