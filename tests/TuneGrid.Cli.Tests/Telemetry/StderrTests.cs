using TuneGrid.Cli.Terminal;
using TuneGrid.Testing.Commands;
using TuneGrid.Testing.Processes;

namespace TuneGrid.Cli.Tests.Telemetry;

/// <summary>Whatever is traced, stdout carries the result alone.</summary>
public sealed class StderrTests
{
    private const string Train = "train --corpus small --budget 2steps --width 16 --depth 1 --batch-size 2 --threads 1 --output json "
        + "--set context=16 --set vocabulary=300";

    [Theory]
    [InlineData("lines", "tunegrid.corpus.encode")]
    [InlineData("console", "Activity.DisplayName:        tunegrid.corpus.encode")]
    public async Task Spans_go_to_the_commands_stderr(string mode, string expected)
    {
        using var shell = new Shell();
        await shell.AddSmallCorpusAsync();

        var answer = await shell.RunAsync([.. Train.Split(' '), "--trace", mode]);

        Assert.True(answer.Code == ExitCodes.Fine, answer.ToString());
        Assert.StartsWith("{", Assert.Single(answer.Out.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.Contains(expected, answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_search_with_the_stock_exporter_prints_one_JSON_line_on_stdout()
    {
        using var sandbox = new Sandbox();
        await sandbox.AddStoriesAsync();

        using var search = await TuneGridProcess.RunAsync(
            sandbox, "search", sandbox.WriteSpace("tiny", trials: 2, steps: 6, rungs: 2), "--trace", "console", "--output", "json");

        Assert.True(search.ExitCode == ExitCodes.Fine, search.Errors);
        Assert.StartsWith("{\"study\":", Assert.Single(search.Output.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.Contains("Activity.DisplayName:        tunegrid.segment", search.Errors, StringComparison.Ordinal);
        Assert.Contains("Activity.DisplayName:        tunegrid.study", search.Errors, StringComparison.Ordinal);
    }
}
