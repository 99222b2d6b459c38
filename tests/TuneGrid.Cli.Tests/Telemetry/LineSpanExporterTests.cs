using System.Diagnostics;
using TuneGrid.Cli.Telemetry;

namespace TuneGrid.Cli.Tests.Telemetry;

public sealed class LineSpanExporterTests
{
    [Fact]
    public void A_span_is_one_line_with_duration_depth_attributes_and_ids()
    {
        var writer = new StringWriter();
        string trace;
        using (Tracing.Start(new(TraceMode.Lines), writer))
        {
            using var source = new ActivitySource("TuneGrid");
            using var outer = source.StartActivity("trial")!;
            trace = outer.TraceId.ToHexString();
            using (source.StartActivity("segment")!.SetTag("rung", 2).SetTag("why", "rank 1 of 3"))
            {
            }
        }

        // Other tests of this process trace meanwhile.
        var lines = writer.ToString().Split('\n').Where(l => l.Contains(trace[..8], StringComparison.Ordinal)).ToList();
        Assert.Equal(2, lines.Count);
        Assert.Contains("    segment rung=2 why=\"rank 1 of 3\"  [trace " + trace[..8], lines[0]);
        Assert.Contains("  trial  [trace " + trace[..8], lines[1]);
        Assert.Matches(@"^\d\d:\d\d:\d\d\.\d{3} +[\d.]+ m?s  ", lines[0]);
    }
}
