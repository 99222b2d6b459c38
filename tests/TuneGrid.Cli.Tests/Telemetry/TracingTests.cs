using System.Diagnostics;
using TuneGrid.Cli.Telemetry;

namespace TuneGrid.Cli.Tests.Telemetry;

/// <summary>Which spans are collected, by the names of their sources. Orleans' spans are named as in its release 10.4.</summary>
public sealed class TracingTests
{
    private static readonly string[] Sources =
    [
        "TuneGrid", "Npgsql",
        "Microsoft.Orleans.Application", "Microsoft.Orleans.Runtime", "Microsoft.Orleans.Lifecycle", "Microsoft.Orleans.Storage",
    ];

    [Fact]
    public void Switched_off_nothing_is_written() => Assert.Empty(Kept(new(TraceMode.Off, Sql: true, Orleans: true)));

    [Fact]
    public void Without_more_flags_only_the_grid_and_the_calls_between_grains_in_a_trace_are_kept() =>
        Assert.Equal(["tunegrid", "tunegrid/Microsoft.Orleans.Application"], Kept(new(TraceMode.Lines)));

    [Fact]
    public void Statements_are_kept_when_asked_for() =>
        Assert.Equal(
            ["tunegrid", "tunegrid/Npgsql", "tunegrid/Microsoft.Orleans.Application", "Npgsql"], Kept(new(TraceMode.Lines, Sql: true)));

    [Fact]
    public void All_that_Orleans_traces_is_kept_when_asked_for() =>
        Assert.Equal(
            ["tunegrid", .. Sources[2..].Select(s => "tunegrid/" + s), .. Sources[2..]], Kept(new(TraceMode.Lines, Orleans: true)));

    /// <summary>The sources whose spans are written: within a trace of the grid ("tunegrid/..."), then each alone.</summary>
    private static List<string> Kept(TracingOptions options)
    {
        var writer = new StringWriter();
        var run = Guid.NewGuid().ToString("N");
        using (Tracing.Start(options, TextWriter.Synchronized(writer)))
        {
            Span(Sources[0], $"{run}:tunegrid", () =>
            {
                foreach (var name in Sources[1..])
                    Span(name, $"{run}:tunegrid/{name}");
            });
            foreach (var name in Sources[1..])
                Span(name, name == "Npgsql" ? $"{run}:{name}" : $"IStudyGrain/{run}:{name}");
        }
        var kept = writer.ToString().Split('\n').Where(l => l.Contains(run, StringComparison.Ordinal))
            .Select(l => l.Split(run + ":")[1].Split(' ')[0]).ToHashSet();
        return [.. new[] { "tunegrid" }.Concat(Sources[1..].Select(s => "tunegrid/" + s)).Concat(Sources[1..]).Where(kept.Contains)];
    }

    private static void Span(string source, string name, Action? inside = null)
    {
        using var activities = new ActivitySource(source);
        using var span = activities.StartActivity(name);
        inside?.Invoke();
    }
}
