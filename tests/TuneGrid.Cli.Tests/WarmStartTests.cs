using TuneGrid.Cli.Terminal;
using TuneGrid.Testing.Commands;

namespace TuneGrid.Cli.Tests;

/// <summary><c>search --warm-start</c>.</summary>
public sealed class WarmStartTests
{
    private const string Space = """
        { "name": "tiny", "corpus": "storybook", "budget": { "steps": 4 }, "scheduler": { "type": "random" }, "sampler": { "type": "tpe" },
          "trials": 2, "seed": 3,
          "parameters": {
            "width": { "type": "int", "min": 16, "max": 32, "step": 16 },
            "learning_rate": { "type": "float", "min": 1e-3, "max": 1e-2, "scale": "log" } },
          "fixed": { "depth": 1, "heads": 1, "context": 16, "vocabulary": 300, "batch_size": 2 } }
        """;

    [Fact]
    public async Task A_search_begins_with_what_an_earlier_study_found()
    {
        using var shell = new Shell();
        await shell.AddSmallCorpusAsync();
        var file = shell.File("tiny.json", Space);
        var first = await shell.RunAsync("search", file, "--name", "first", "--threads", "1", "--set", "corpus=small");
        Assert.True(first.Code == ExitCodes.Fine, first.ToString());

        foreach (var source in new[] { "first", "auto" })
        {
            var second = await shell.RunAsync(
                "search", file, "--name", "from-" + source, "--warm-start", source, "--threads", "1",
                "--set", "corpus=small", "--set", "trials=1", "--set", "seed=9", "--set", "sampler.type=auto");
            Assert.True(second.Code == ExitCodes.Fine, second.ToString());
            Assert.Contains("warm start: the best trial of first", second.Error);
        }
    }

    [Fact]
    public async Task What_can_t_be_a_source_is_named()
    {
        using var shell = new Shell();
        await shell.AddSmallCorpusAsync();
        var file = shell.File("tiny.json", Space);

        var unknown = await shell.RunAsync("search", file, "--warm-start", "nowhere", "--set", "corpus=small");
        Assert.Equal(ExitCodes.BadInput, unknown.Code);
        Assert.Contains("there is no study 'nowhere'", unknown.Error);

        var blind = await shell.RunAsync("search", file, "--warm-start", "auto", "--set", "sampler.type=random", "--set", "corpus=small");
        Assert.Equal(ExitCodes.BadInput, blind.Code);
        Assert.Contains("this space says random; add --set sampler.type=tpe", blind.Error);
    }
}
