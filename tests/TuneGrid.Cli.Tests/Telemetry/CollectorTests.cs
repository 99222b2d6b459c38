using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using TuneGrid.Cli.Telemetry;
using TuneGrid.Cli.Terminal;
using TuneGrid.Coordination.Telemetry;
using TuneGrid.Testing.Commands;

namespace TuneGrid.Cli.Tests.Telemetry;

/// <summary>
/// <c>--trace otlp</c> with collectors that aren't well. Its settings are variables of this process; no other test reads them, and those of
/// one class run one after another.
/// </summary>
public sealed class CollectorTests : IDisposable
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT", Protocol = "OTEL_EXPORTER_OTLP_PROTOCOL";
    private const string Headers = "OTEL_EXPORTER_OTLP_HEADERS", Certificate = "OTEL_EXPORTER_OTLP_CERTIFICATE";

    public void Dispose() =>
        Array.ForEach([Endpoint, Protocol, Headers, Certificate], name => Environment.SetEnvironmentVariable(name, null));

    [Theory]
    [InlineData("grpc", true)]
    [InlineData("grpc", false)]
    [InlineData("http/protobuf", true)]
    [InlineData("http/protobuf", false)]
    public void A_collector_that_is_down_delays_the_end_by_three_seconds_at_most(string protocol, bool accepts)
    {
        // One takes the connection and never says a word, the other refuses it.
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Environment.SetEnvironmentVariable(Endpoint, $"http://{listener.LocalEndpoint}");
        Environment.SetEnvironmentVariable(Protocol, protocol);
        if (!accepts)
            listener.Stop();
        var tracing = Tracing.Start(new(TraceMode.Otlp), TextWriter.Null);
        using (GridInstruments.Source.StartActivity("tunegrid.study"))
            GridInstruments.Trials.Add(1);

        var before = Stopwatch.GetTimestamp();
        tracing.Dispose();

        // Three, and what a busy machine adds; left to themselves the exporters take ten and more.
        Assert.InRange(Stopwatch.GetElapsedTime(before).TotalSeconds, 0, 8);
    }

    [Fact]
    public async Task Spans_and_the_metrics_of_grid_and_runtime_reach_a_collector_before_the_end()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var address = $"http://{free.LocalEndpoint}/";
        free.Stop();
        using var collector = new HttpListener { Prefixes = { address } };
        collector.Start();
        var received = ReceiveAsync(collector, 2);
        Environment.SetEnvironmentVariable(Endpoint, address);
        Environment.SetEnvironmentVariable(Protocol, "http/protobuf");

        using (Tracing.Start(new(TraceMode.Otlp), TextWriter.Null))
        using (GridInstruments.Source.StartActivity("tunegrid.study"))
            GridInstruments.Trials.Add(1);

        var bodies = await received;
        Assert.Contains("tunegrid.study", bodies["/v1/traces"], StringComparison.Ordinal);
        Assert.Contains("tunegrid.trials", bodies["/v1/metrics"], StringComparison.Ordinal);
        Assert.Contains("dotnet.gc.collections", bodies["/v1/metrics"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Headers, "authorization", "HEADERS is name=value,name=value")]
    [InlineData(Certificate, "/nowhere/authority.pem", "CERTIFICATE a PEM file that exists")]
    public async Task Settings_that_cant_be_used_are_one_line(string variable, string value, string remedy)
    {
        using var shell = new Shell();
        Environment.SetEnvironmentVariable(variable, value);
        Environment.SetEnvironmentVariable(Endpoint, "https://localhost:4317");

        var answer = await shell.RunAsync("train", "--budget", "1steps", "--corpus", "nowhere", "--trace", "otlp");

        Assert.Equal(ExitCodes.BadInput, answer.Code);
        var line = Assert.Single(answer.Error.TrimEnd().Split('\n'));
        Assert.StartsWith("tunegrid: --trace otlp can't start: ", line, StringComparison.Ordinal);
        Assert.Contains(remedy, answer.Error, StringComparison.Ordinal);
    }

    /// <summary>The bodies by path: protobuf, whose names stand in it as they are.</summary>
    private static async Task<Dictionary<string, string>> ReceiveAsync(HttpListener collector, int requests)
    {
        var bodies = new Dictionary<string, string>();
        for (var i = 0; i < requests; i++)
        {
            var call = await collector.GetContextAsync();
            using var body = new StreamReader(call.Request.InputStream, Encoding.Latin1);
            bodies[call.Request.Url!.AbsolutePath] = await body.ReadToEndAsync();
            call.Response.Close();
        }
        return bodies;
    }
}
