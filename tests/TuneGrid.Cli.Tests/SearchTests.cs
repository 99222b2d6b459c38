using System.Text.Json.Nodes;
using TuneGrid.Cli.Sessions;
using TuneGrid.Cli.Terminal;
using TuneGrid.Testing.Commands;

namespace TuneGrid.Cli.Tests;

/// <summary>The main job on a space so small that it takes seconds, and every command that looks at the result.</summary>
public sealed class SearchTests
{
    private const string Space = """
        { "name": "tiny", "corpus": "storybook",
          "objective": { "metric": "bits_per_byte", "goal": "minimize" },
          "budget": { "steps": 8 }, "scheduler": { "type": "asha", "eta": 2, "rungs": 3 }, "sampler": { "type": "random" },
          "trials": 4, "seed": 3,
          "parameters": {
            "width": { "type": "int", "min": 16, "max": 32, "step": 16 },
            "learning_rate": { "type": "float", "min": 1e-3, "max": 1e-2, "scale": "log" } },
          "fixed": { "depth": 1, "heads": 1, "context": 16, "vocabulary": 300, "batch_size": 2 } }
        """;

    [Fact]
    public async Task A_search_finds_a_champion_that_every_other_command_knows()
    {
        using var shell = new Shell();
        await shell.AddSmallCorpusAsync();

        var found = await shell.RunAsync(
            "search", shell.File("tiny.json", Space), "--name", "My_study.1", "--threads", "1", "--set", "corpus=small",
            "--output", "json");

        Assert.True(found.Code == ExitCodes.Fine, found.ToString());
        var study = AssertIsReport(found);
        Assert.Equal("My_study.1", study);
        await AssertOthersAgreeAsync(shell, study, found.Json["best"]!);
        await AssertIsSearchedAgainAsync(shell, study);
        await AssertResumeOnlyReportsAsync(shell, study, found.Json["best"]!);
    }

    [Fact]
    public async Task A_search_for_people_tells_a_story_and_the_next_command()
    {
        using var shell = new Shell();

        var found = await shell.RunAsync(
            "search", shell.File("tiny.json", Space), "--threads", "1", "--set", "trials=2", "--set", "scheduler.rungs=2");

        Assert.True(found.Code == ExitCodes.Fine, found.ToString());
        Assert.Contains("champion t", found.Out);
        Assert.Contains(StorySample.Prompt, found.Out);
        Assert.Contains("next: tunegrid sample tiny-", found.Out);
        Assert.Contains("t0 new:", found.Error);
    }

    [Fact]
    public async Task A_wrong_space_shows_every_mistake_with_its_place()
    {
        using var shell = new Shell();
        var wrong = Space.Replace("\"asha\"", "\"ahsa\"", StringComparison.Ordinal)
            .Replace("\"width\"", "\"widht\"", StringComparison.Ordinal);
        var file = shell.File("wrong.json", wrong);

        var answer = await shell.RunAsync("validate", file);
        var json = await shell.RunAsync("validate", file, "--output", "json");
        var search = await shell.RunAsync("search", file);

        Assert.Equal(ExitCodes.BadInput, answer.Code);
        Assert.Contains("wrong.json:3:", answer.Error);
        Assert.Contains("/parameters/widht", answer.Error);
        Assert.Contains("Did you mean 'width'?", answer.Error);
        Assert.Equal(answer.Error, search.Error);
        Assert.Equal(ExitCodes.BadInput, search.Code);
        Assert.False(json.Json["valid"]!.GetValue<bool>());
        Assert.Equal(2, json.Json["problems"]!.AsArray().Count);
    }

    [Fact]
    public async Task An_empty_store_is_no_error()
    {
        using var shell = new Shell();
        foreach (var command in new[] { "studies", "best", "silos" })
        {
            var table = await shell.RunAsync(command);
            var json = await shell.RunAsync(command, "--output", "json");

            Assert.True(table.Code == ExitCodes.Fine, table.ToString());
            Assert.Empty(table.Out);
            Assert.Equal("[]", json.Out.Trim());
        }
    }

    [Fact]
    public async Task An_unknown_study_is_bad_input()
    {
        using var shell = new Shell();
        foreach (var command in new[] { "show", "trials", "best", "cancel", "resume", "sample" })
        {
            var answer = await shell.RunAsync(command, "nobody-knows");

            Assert.True(answer.Code == ExitCodes.BadInput, answer.ToString());
            Assert.Contains("there is no study 'nobody-knows'", answer.Error);
        }
    }

    [Fact]
    public async Task The_doctor_finds_the_machine_and_the_store_well()
    {
        using var shell = new Shell();

        var answer = await shell.RunAsync("doctor", "--output", "json");

        Assert.True(answer.Code == ExitCodes.Fine, answer.ToString());
        Assert.True(answer.Json["machine"]!["cores"]!.GetValue<int>() > 0);
        Assert.Equal("yes", answer.Json["kernels"]!["reference"]!.GetValue<string>());
        Assert.NotNull(answer.Json["corpora"]!["storybook"]);
        Assert.Equal("fine", answer.Json["store"]!["health"]!.GetValue<string>());
    }

    private static string AssertIsReport(Answer found)
    {
        Assert.Single(found.Out.TrimEnd().Split('\n'));
        Assert.Equal(
            ["study", "status", "corpus", "hardware_class", "trials", "failed", "best", "rungs", "wall_seconds", "busy_fraction", "kept"],
            found.Json.AsObject().Select(p => p.Key));
        // A busy machine adds that it was disturbed, one with energy counters what it used, and a quick one has a curve.
        Assert.Equal(
            [
                "trial", "config", "bits_per_byte", "perplexity", "parameters", "tokens", "tokens_per_second", "training_seconds", "model",
                "score", "mean", "interval", "repeats", "ties", "model_trial",
            ],
            found.Json["best"]!.AsObject().Select(p => p.Key).Except(["disturbed", "joules", "curve"]));
        Assert.Equal("completed", found.Json["status"]!.GetValue<string>());
        Assert.Equal(4, found.Json["trials"]!.GetValue<int>());
        Assert.True(File.Exists(found.Json["best"]!["model"]!.GetValue<string>()));
        Assert.Equal([2, 4, 8], found.Json["rungs"]!.AsArray().Select(r => r!["steps"]!.GetValue<int>()));
        Assert.Equal(4, found.Json["rungs"]![0]!["entered"]!.GetValue<int>());
        Assert.InRange(found.Json["busy_fraction"]!.GetValue<double>(), 0, 1);
        return found.Json["study"]!.GetValue<string>();
    }

    private static async Task AssertOthersAgreeAsync(Shell shell, string study, JsonNode best)
    {
        var show = await shell.RunAsync("show", study[..6], "--output", "json");
        Assert.Equal(best.ToJsonString(), show.Json["best"]!.ToJsonString());
        var trials = (await shell.RunAsync("trials", study, "--output", "json")).Json.AsArray();
        Assert.Equal(best["bits_per_byte"]!.ToString(), trials[best["trial"]!.GetValue<int>()]!["bits_per_byte"]!.ToString());
        var studies = (await shell.RunAsync("studies", "--output", "json")).Json.AsArray();
        Assert.Equal(study, studies[0]!["study"]!.GetValue<string>());
        var champions = (await shell.RunAsync("best", "--output", "json")).Json.AsArray();
        Assert.Equal(best["model"]!.ToString(), champions[0]!["model"]!.ToString());
        Assert.StartsWith(StorySample.Prompt, champions[0]!["story"]!.GetValue<string>());
        foreach (var table in new[] { "show", "trials", "best" })
            Assert.Equal(ExitCodes.Fine, (await shell.RunAsync(table, study)).Code);
        Assert.StartsWith("Tom", (await shell.RunAsync("sample", "--prompt", "Tom", "--tokens", "4", "--threads", "1")).Out);
    }

    /// <summary>What the study recorded is a table like any other.</summary>
    private static async Task AssertIsSearchedAgainAsync(Shell shell, string study)
    {
        var table = Path.Combine(shell.Home, "study.csv.gz");
        var exported = await shell.RunAsync("export", study, "--format", "table", "--out", table);
        Assert.True(exported.Code == ExitCodes.Fine, exported.ToString());

        var again = await shell.RunAsync("simulate", table, "--seeds", "1", "--workers", "1", "--trainings", "20", "--output", "json");
        Assert.True(again.Code == ExitCodes.Fine, again.ToString());
        Assert.Equal(0, (double?)again.Json["whole"]!["regret_full"]);

        var other = await shell.RunAsync("export", study, "--format", "table", "--class", "none", "--out", table);
        Assert.True(other.Code == ExitCodes.BadInput, other.ToString());
        Assert.Contains("--class is 'none'; My_study.1 has ", other.Error);
        var nothing = await shell.RunAsync("export", "--format", "table", "--out", table);
        Assert.True(nothing.Code == ExitCodes.BadInput, nothing.ToString());
        Assert.Contains("--format table needs a study", nothing.Error);
    }

    private static async Task AssertResumeOnlyReportsAsync(Shell shell, string study, JsonNode best)
    {
        var resumed = await shell.RunAsync("resume", study, "--output", "json");
        Assert.True(resumed.Code == ExitCodes.Fine, resumed.ToString());
        Assert.Equal(best.ToJsonString(), resumed.Json["best"]!.ToJsonString());
        var cancelled = await shell.RunAsync("cancel", study);
        Assert.Equal(ExitCodes.BadInput, cancelled.Code);
        Assert.Contains("already completed", cancelled.Error);
    }
}
