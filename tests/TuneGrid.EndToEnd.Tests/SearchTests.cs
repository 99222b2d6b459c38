using System.Text.Json.Nodes;
using TuneGrid.Testing.Processes;

namespace TuneGrid.EndToEnd.Tests;

/// <summary>The main job as a person starts it: real processes, a real (tiny) corpus, real training.</summary>
public class SearchTests
{
    [Fact]
    public async Task A_search_finds_a_champion_that_can_write()
    {
        using var sandbox = new Sandbox();
        await sandbox.AddStoriesAsync();

        var result = await TuneGridProcess.RunJsonAsync(
            sandbox, "search", sandbox.WriteSpace("tiny", trials: 9, steps: 27, scheduler: "successive_halving"));

        Assert.Equal("completed", (string?)result["status"]);
        Assert.Equal("tiny", (string?)result["corpus"]);
        Assert.Equal(9, (int?)result["trials"]);
        Assert.Equal(0, (int?)result["failed"]);
        Assert.Equal([9, 3, 1], result["rungs"]!.AsArray().Select(r => (int)r!["entered"]!));
        Assert.InRange((double)result["busy_fraction"]!, 0, 1);
        var best = result["best"]!;
        string[] fields =
        [
            "trial", "config", "bits_per_byte", "perplexity", "parameters", "tokens", "tokens_per_second", "training_seconds",
        ];
        foreach (var field in fields)
            Assert.NotNull(best[field]);
        var model = (string)best["model"]!;
        Assert.True(File.Exists(model), model);

        // The champion is what `best` shows, and its model writes the same story for the same seed.
        var champion = await TuneGridProcess.RunJsonAsync(sandbox, "best", (string)result["study"]!);
        Assert.Contains((string)best["bits_per_byte"]!.ToJsonString(), champion.ToJsonString(), StringComparison.Ordinal);
        var stories = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            using var sample = await TuneGridProcess.RunAsync(
                sandbox, "sample", model, "--prompt", "One day", "--seed", "3", "--tokens", "20");
            Assert.True(sample.ExitCode == 0, sample.Errors);
            stories.Add(sample.Output);
        }
        Assert.Equal(stories[0], stories[1]);
        Assert.StartsWith("One day", stories[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_search_twice_gives_the_same_scores()
    {
        using var sandbox = new Sandbox();
        await sandbox.AddStoriesAsync();
        var space = sandbox.WriteSpace("tiny", trials: 3, steps: 9, rungs: 2);

        var scores = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            var result = await TuneGridProcess.RunJsonAsync(sandbox, "search", space);
            var trials = await TuneGridProcess.RunJsonAsync(sandbox, "trials", (string)result["study"]!);
            string[] parts = ["bits_per_byte", "trial", "config"];
            scores.Add(string.Join(' ', parts.Select(part => result["best"]![part]!.ToJsonString())));
            Assert.Equal(3, (trials as JsonArray ?? trials["trials"]!.AsArray()).Count);
        }
        Assert.Equal(scores[0], scores[1]);
    }

    [Fact]
    public async Task Ctrl_C_pauses_and_a_cancelled_study_leaves_no_checkpoint()
    {
        using var sandbox = new Sandbox();
        await sandbox.AddStoriesAsync();

        using var search = TuneGridProcess.Start(sandbox, ["search", sandbox.WriteSpace("tiny", trials: 9, steps: 3000)]);
        await UntilAsync(async () =>
            (await StudiesAsync(sandbox)).Count > 0
            && (await SilosAsync(sandbox)).Any(s => s!.ToJsonString().Contains("running", StringComparison.OrdinalIgnoreCase)));
        search.Interrupt();
        Assert.Equal(130, await search.ExitAsync());
        Assert.Contains("tunegrid resume", search.Output + search.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", search.Errors, StringComparison.Ordinal);

        var study = (string)(await StudiesAsync(sandbox))[0]!["study"]!;
        Assert.NotEmpty(Artifacts(sandbox));
        using var cancel = await TuneGridProcess.RunAsync(sandbox, "cancel", study);
        Assert.Equal(0, cancel.ExitCode);
        Assert.Empty(Artifacts(sandbox));
    }

    /// <summary>All but the file that says whose folder it is.</summary>
    private static IEnumerable<string> Artifacts(Sandbox sandbox) =>
        Directory.GetFiles(Path.Combine(sandbox.Home, "artifacts"), "*", SearchOption.AllDirectories)
            .Where(f => Path.GetFileName(f) != "identity");

    private static async Task<JsonArray> StudiesAsync(Sandbox sandbox) =>
        Rows(await TuneGridProcess.RunJsonAsync(sandbox, "studies"), "studies");

    private static async Task<JsonArray> SilosAsync(Sandbox sandbox) => Rows(await TuneGridProcess.RunJsonAsync(sandbox, "silos"), "silos");

    private static JsonArray Rows(JsonNode json, string name) => json as JsonArray ?? json[name]!.AsArray();

    /// <summary>Asks again until it holds; every question is a process of its own, so this needs no sleep.</summary>
    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (var i = 0; i < 200; i++)
        {
            if (await condition())
                return;
        }
        throw new TimeoutException("the condition never held");
    }
}
