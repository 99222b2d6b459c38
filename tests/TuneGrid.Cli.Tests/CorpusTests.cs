using TuneGrid.Cli.Terminal;
using TuneGrid.Testing.Commands;

namespace TuneGrid.Cli.Tests;

public sealed class CorpusTests
{
    [Fact]
    public async Task An_added_corpus_is_listed()
    {
        using var shell = new Shell();
        var stories = Enumerable.Range(0, 50).Select(i => $"Story number {i} is about a cat.");
        var train = shell.File("train.txt", string.Join("\n<|endoftext|>\n", stories));

        var added = await shell.RunAsync("corpus", "add", "cats", "--train", train);
        var listed = await shell.RunAsync("corpus", "list", "--output", "json");

        Assert.True(added.Code == ExitCodes.Fine, added.ToString());
        Assert.Contains("cats", listed.Json.AsArray().Select(c => c!["corpus"]!.GetValue<string>()));
        Assert.Contains("storybook", listed.Json.AsArray().Select(c => c!["corpus"]!.GetValue<string>()));
    }

    [Fact]
    public async Task An_empty_text_is_refused()
    {
        using var shell = new Shell();

        var answer = await shell.RunAsync("corpus", "add", "nothing", "--train", shell.File("empty.txt", ""));

        Assert.True(answer.Code == ExitCodes.BadInput, answer.ToString());
        Assert.Single(answer.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task An_unknown_corpus_is_refused_before_anything_starts()
    {
        using var shell = new Shell();

        var answer = await shell.RunAsync("train", "--corpus", "storybok");

        Assert.True(answer.Code == ExitCodes.BadInput, answer.ToString());
        Assert.Contains("storybok", answer.Error);
    }
}
