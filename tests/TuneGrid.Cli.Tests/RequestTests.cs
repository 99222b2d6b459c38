using TuneGrid.Cli.Terminal;
using TuneGrid.Testing.Commands;

namespace TuneGrid.Cli.Tests;

/// <summary><c>enqueue</c>, <c>retry</c> and <c>resume --set trials=N</c>: what people add to a study, and what is refused.</summary>
public sealed class RequestTests : IDisposable
{
    private readonly Shell _shell = new();

    public void Dispose() => _shell.Dispose();

    [Theory]
    [InlineData("enqueue nobody width=64", "there is no study 'nobody'")]
    [InlineData("enqueue ended width=64", "ended is already completed")]
    [InlineData("enqueue open", "needs <study> <values>")]
    [InlineData("enqueue open width", "width: expected NAME=VALUE, for example width=192")]
    [InlineData("enqueue open wdith=64", "Did you mean 'width'?")]
    [InlineData(
        "enqueue open defaults", "the trainer's default width 192 is not in this space: expected one of 64, 96, 128; the nearest is")]
    [InlineData("enqueue open width=100000", "width=100000: expected a whole number from")]
    [InlineData("retry nobody t1", "there is no study 'nobody'")]
    [InlineData("retry open", "needs <study> <trial>")]
    [InlineData("retry open six", "trial is 'six'; expected a trial's number, such as 6 or t6")]
    [InlineData("retry open tt1", "trial is 'tt1'; expected a trial's number, such as 6 or t6")]
    [InlineData("retry open t6", "open has no trial t6; 'tunegrid trials open' lists them")]
    [InlineData("retry open 0", "t0 of open has not failed: it is completed")]
    [InlineData("retry open t2", "t2 of open has not failed: it is running")]
    [InlineData("resume ended --set trials=2", "ended has 3 trials already; expected at least as many, not 2")]
    [InlineData("resume ended --set trials=many", "--set is 'trials=many'; expected a whole number from 1 to 1000000")]
    [InlineData("resume ended --set trials=0", "--set is 'trials=0'; expected a whole number from 1 to 1000000")]
    [InlineData("resume ended --set budget.seconds=9", "of a study that has begun only trials can be changed, as in --set trials=54")]
    [InlineData("resume nobody --set trials=9", "there is no study 'nobody'")]
    [InlineData("search x.json --for soon", "--for is 'soon'; expected a length of time such as 90s, 10m, 2h or 1h30m")]
    public async Task What_can_t_be_added_is_refused_in_one_line(string line, string expected)
    {
        await LedgerWriter.WriteOpenAsync(_shell, "open");
        await LedgerWriter.WriteCompletedAsync(_shell, "ended");
        var answer = await _shell.RunAsync(line.Split(' '));
        Assert.True(answer.Code == ExitCodes.BadInput, answer.ToString());
        Assert.Contains(expected, answer.Error);
        Assert.Single(answer.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task A_configuration_is_added_to_a_study_of_exactly_this_name()
    {
        await LedgerWriter.WriteOpenAsync(_shell, "open");
        await LedgerWriter.WriteOpenAsync(_shell, "open-2");
        var answer = await _shell.RunAsync("enqueue", "open", "width=96", "--output", "json");
        Assert.True(answer.Code == ExitCodes.Fine, answer.ToString());
        Assert.Equal("open", answer.Json["study"]!.GetValue<string>());
        Assert.Equal(96, answer.Json["config"]!["width"]!.GetValue<int>());
    }

    [Theory]
    [InlineData("t1")]
    [InlineData("1")]
    public async Task A_failed_trial_is_tried_again_once_and_opens_its_study(string trial)
    {
        await LedgerWriter.WriteCompletedAsync(_shell, "ended");
        var answer = await _shell.RunAsync("retry", "ended", trial);
        Assert.True(answer.Code == ExitCodes.Fine, answer.ToString());
        Assert.Contains("t1 of ended goes for rung 1 again; go on with: tunegrid resume ended", answer.Out);
        Assert.Equal("running", (await _shell.RunAsync("studies", "--output", "json")).Json.AsArray()[0]!["status"]!.GetValue<string>()
            is "running" or "paused" ? "running" : "");
        Assert.Equal(ExitCodes.BadInput, (await _shell.RunAsync("retry", "ended", trial)).Code);
        Assert.Equal(0, (await _shell.RunAsync("show", "ended", "--output", "json")).Json["failed"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_completed_search_goes_on_with_more_trials_and_ends_when_its_time_is_over()
    {
        await _shell.AddSmallCorpusAsync();
        var file = _shell.File("tiny.json", """
            { "name": "tiny", "corpus": "small", "budget": { "steps": 4 }, "scheduler": { "eta": 2, "rungs": 2 }, "trials": 2,
              "parameters": { "width": { "type": "int", "min": 16, "max": 32, "step": 16 } },
              "fixed": { "depth": 1, "heads": 1, "context": 16, "vocabulary": 300, "batch_size": 2 },
              "start": [{ "width": 32 }], "control": true }
            """);
        var found = await _shell.RunAsync("search", file, "--name", "more", "--threads", "1", "--for", "9h");
        Assert.True(found.Code == ExitCodes.Fine, found.ToString());
        Assert.Contains("(start point 1)", found.Error);
        Assert.Contains("t0 goes on to rung 2: it is the control", found.Error);

        var more = await _shell.RunAsync("resume", "more", "--threads", "1", "--set", "trials=4", "--output", "json");
        Assert.True(more.Code == ExitCodes.Fine, more.ToString());
        Assert.Equal(4, more.Json["trials"]!.GetValue<int>());
        Assert.Contains("4 trials are asked for now", more.Error);

        var none = await _shell.RunAsync(
            "search", file, "--name", "none", "--threads", "1", "--set", "budget={\"seconds\":60}", "--for", "1s");
        Assert.True(none.Code == ExitCodes.Failure, none.ToString());
        Assert.Contains("ended without a champion: its time was over before a trial was trained for the whole budget", none.Error);
    }
}
