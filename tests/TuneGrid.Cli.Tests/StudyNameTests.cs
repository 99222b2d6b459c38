using TuneGrid.Cli.Terminal;
using TuneGrid.Testing.Commands;

namespace TuneGrid.Cli.Tests;

/// <summary>Names of studies that somebody chose, and how commands find a study by one.</summary>
public sealed class StudyNameTests
{
    private const string Space = """
        { "name": "tiny", "corpus": "storybook", "objective": { "metric": "bits_per_byte", "goal": "minimize" },
          "budget": { "steps": 8 }, "scheduler": { "type": "asha", "eta": 2, "rungs": 3 }, "sampler": { "type": "random" },
          "trials": 4, "seed": 3, "parameters": { "width": { "type": "int", "min": 16, "max": 32, "step": 16 } } }
        """;

    [Fact]
    public async Task A_taken_name_is_refused_with_the_way_to_go_on_and_to_look()
    {
        using var shell = new Shell();
        await LedgerWriter.WriteOpenAsync(shell, "mine");

        var answer = await shell.RunAsync("search", shell.File("tiny.json", Space), "--name", "mine");

        Assert.True(answer.Code == ExitCodes.BadInput, answer.ToString());
        Assert.Contains("there is a study 'mine' already", answer.Error);
        Assert.Contains("tunegrid resume mine", answer.Error);
        Assert.Contains("tunegrid show mine", answer.Error);
        Assert.Single(answer.Error.TrimEnd().Split('\n'));
        Assert.Single((await shell.RunAsync("studies", "--output", "json")).Json.AsArray());
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData(".hidden")]
    [InlineData("a/b")]
    [InlineData("größe")]
    [InlineData("a-name-that-is-longer-than-the-sixty-four-characters-that-a-name-may-have")]
    public async Task A_name_that_is_none_is_refused_before_anything_is_read(string name)
    {
        using var shell = new Shell();

        var answer = await shell.RunAsync("search", "nowhere.json", "--name", name);

        Assert.True(answer.Code == ExitCodes.BadInput, answer.ToString());
        Assert.Contains($"--name is '{name}'; expected 1 to 64 letters, digits, '.', '_' or '-'", answer.Error);
        Assert.Single(answer.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task A_whole_name_wins_over_the_beginning_of_another()
    {
        using var shell = new Shell();
        await LedgerWriter.WriteOpenAsync(shell, "mine-2");
        await LedgerWriter.WriteCompletedAsync(shell, "mine");

        var whole = await shell.RunAsync("show", "mine", "--output", "json");
        var beginning = await shell.RunAsync("show", "min", "--output", "json");

        Assert.Equal("mine", whole.Json["study"]!.GetValue<string>());
        Assert.Equal(ExitCodes.BadInput, beginning.Code);
        Assert.Contains("several studies begin with 'min': mine", beginning.Error);
    }
}
