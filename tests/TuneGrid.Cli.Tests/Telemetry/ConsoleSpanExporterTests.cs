using System.Diagnostics;
using TuneGrid.Cli.Telemetry;

namespace TuneGrid.Cli.Tests.Telemetry;

public sealed class ConsoleSpanExporterTests
{
    [Fact]
    public void A_span_is_one_line_with_duration_depth_attributes_and_ids()
    {
        var writer = new StringWriter();
        string trace;
        using (Tracing.Start(TraceMode.Console, writer))
        {
            using var source = new ActivitySource("TuneGrid");
            using var outer = source.StartActivity("trial")!;
            trace = outer.TraceId.ToHexString();
            using (source.StartActivity("segment")!.SetTag("rung", 2).SetTag("why", "rank 1 of 3"))
            {
            }
        }

        var lines = writer.ToString().TrimEnd().Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.Contains("    segment rung=2 why=\"rank 1 of 3\"  [trace " + trace[..8], lines[0]);
        Assert.Contains("  trial  [trace " + trace[..8], lines[1]);
        Assert.Matches(@"^\d\d:\d\d:\d\d\.\d{3} +[\d.]+ m?s  ", lines[0]);
    }

    [Fact]
    public void Switched_off_nothing_listens()
    {
        using var off = Tracing.Start(TraceMode.Off, TextWriter.Null);
        using var source = new ActivitySource("TuneGrid.Tests.Nobody");

        Assert.Null(source.StartActivity("trial"));
    }
}
