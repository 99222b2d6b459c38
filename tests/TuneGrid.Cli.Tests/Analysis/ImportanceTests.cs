using TuneGrid.Cli.Terminal;
using TuneGrid.Testing.Commands;

namespace TuneGrid.Cli.Tests.Analysis;

/// <summary><c>importance</c> and <c>space around</c> over a study that the rules decided.</summary>
public sealed class ImportanceTests : IDisposable
{
    private readonly Shell _shell = new();

    public void Dispose() => _shell.Dispose();

    [Fact]
    public async Task What_the_score_depends_on_comes_first()
    {
        await DecidedStudy.WriteAsync(_shell, "formula-aaaa");

        var text = await _shell.RunAsync("importance", "formula-aaaa");
        Assert.True(text.Code == ExitCodes.Fine, text.ToString());
        var lines = text.Out.Split('\n');
        Assert.Equal("test-cpu/2of2/avx2/8g, rung 1 at 30 s, 27 trials", lines[0]);
        Assert.StartsWith("PARAMETER", lines[1]);
        Assert.Contains("rung 2 at 1:30, 9 trials\ntoo few to tell: at least 10 have to get there", text.Out);

        var json = (await _shell.RunAsync("importance", "formula-aaaa", "--rung", "1", "--output", "json")).Json.AsArray();
        var parameters = Assert.Single(json)!["parameters"]!.AsArray();
        var width = parameters.Single(p => p!["parameter"]!.GetValue<string>() == "width")!["fanova"]!;
        Assert.InRange(width["value"]!.GetValue<double>(), 0.6, 1);
        Assert.All(
            parameters.Where(p => p!["parameter"]!.GetValue<string>() != "width"),
            p => Assert.InRange(p!["fanova"]!["value"]!.GetValue<double>(), 0, 0.3));
    }

    [Fact]
    public async Task A_narrower_space_around_the_champion_is_valid()
    {
        await DecidedStudy.WriteAsync(_shell, "formula-bbbb");
        var file = Path.Combine(_shell.Home, "narrow.json");

        var told = await _shell.RunAsync("space", "around", "formula-bbbb", "--out", file, "--output", "json");
        Assert.True(told.Code == ExitCodes.Fine, told.ToString());

        var best = (await _shell.RunAsync("show", "formula-bbbb", "--output", "json")).Json["best"]!["config"]!;
        var space = told.Json["space"]!;
        Assert.Equal("formula-around", space["name"]!.GetValue<string>());
        var width = space["parameters"]!["width"]!;
        var (least, greatest) = (width["min"]!.GetValue<double>(), width["max"]!.GetValue<double>());
        Assert.InRange(best["width"]!.GetValue<double>(), least, greatest);
        Assert.Equal(64, greatest - least);
        var rate = space["parameters"]!["learning_rate"]!;
        Assert.Equal(
            Math.Cbrt(0.02 / 0.0003), rate["max"]!.GetValue<double>() / rate["min"]!.GetValue<double>(), 0.001);
        Assert.Equal(3, space["parameters"]!["batch_size"]!["values"]!.AsArray().Count);
        var valid = await _shell.RunAsync("validate", file);
        Assert.True(valid.Code == ExitCodes.Fine, valid.ToString());
    }

    [Fact]
    public async Task A_file_that_is_there_is_kept_unless_forced()
    {
        await DecidedStudy.WriteAsync(_shell, "formula-cccc");
        var file = _shell.File("mine.json", "precious");

        var refused = await _shell.RunAsync("space", "around", "formula-cccc", "--out", file);
        Assert.Equal(ExitCodes.BadInput, refused.Code);
        Assert.Contains("overwrite it with --force", refused.Error);
        Assert.Equal("precious", await File.ReadAllTextAsync(file));

        var forced = await _shell.RunAsync("space", "around", "formula-cccc", "--factor", "2", "--out", file, "--force");
        Assert.True(forced.Code == ExitCodes.Fine, forced.ToString());
        Assert.Contains("tunegrid search ", forced.Out + forced.Error);
    }

    [Theory]
    [InlineData("importance nobody-knows", "there is no study 'nobody-knows'")]
    [InlineData("importance ended --rung 7", "--rung is 7; ended has 2 rungs")]
    [InlineData("importance begun", "no trial of begun has reached a rung yet")]
    [InlineData("space around nobody-knows --out x.json", "there is no study 'nobody-knows'")]
    [InlineData("space around begun --out x.json", "begun has no champion yet: no trial has spent the whole budget")]
    [InlineData("space around ended --out /", "--out '/' is a folder; expected a file to write")]
    [InlineData("space around ended --factor 0.5 --out x.json", "--factor is '0.5'; expected a number from 1 to 1000")]
    [InlineData("space around ended", "Option '--out' is required")]
    [InlineData("space", "needs one of: around")]
    public async Task What_can_not_be_told_is_refused(string line, string expected)
    {
        await LedgerWriter.WriteCompletedAsync(_shell, "ended");
        await DecidedStudy.WriteAsync(_shell, "begun", change: ledger => ledger[..3]);

        var answer = await _shell.RunAsync(line.Split(' '));

        Assert.True(answer.Code == ExitCodes.BadInput, answer.ToString());
        Assert.Contains(expected, answer.Error);
        Assert.Empty(answer.Out);
    }
}
