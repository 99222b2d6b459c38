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

    [Theory]
    [InlineData("/dev/zero", "a device or a pipe")]
    [InlineData("/proc/self/status", "holds no text")]
    public async Task What_may_have_no_end_is_refused_at_once(string file, string expected)
    {
        if (!OperatingSystem.IsLinux())
            return;
        using var shell = new Shell();

        var answer = await shell.RunAsync("corpus", "add", "endless", "--train", file);

        Assert.True(answer.Code == ExitCodes.BadInput, answer.ToString());
        Assert.Contains(expected, answer.Error);
        Assert.Single(answer.Error.TrimEnd().Split('\n'));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(shell.Home, "corpora")));
    }

    [Fact]
    public async Task A_damaged_text_is_named_before_a_study_is_made()
    {
        using var shell = new Shell();
        await shell.AddSmallCorpusAsync();
        var text = Path.Combine(shell.Home, "corpora", "small", "train.txt");
        var bytes = await File.ReadAllBytesAsync(text);
        bytes[1000] ^= 1;
        await File.WriteAllBytesAsync(text, bytes);
        var space = shell.File(
            "space.json",
            """
            { "corpus": "small", "budget": { "steps": 9 }, "scheduler": { "rungs": 2 },
              "parameters": { "width": { "type": "int", "min": 16, "max": 32, "step": 16 } } }
            """);

        var search = await shell.RunAsync("search", space);
        var train = await shell.RunAsync("train", "--corpus", "small", "--budget", "1steps");

        foreach (var answer in new[] { search, train })
        {
            Assert.True(answer.Code == ExitCodes.BadInput, answer.ToString());
            Assert.Contains("the training text of corpus 'small' was changed or damaged", answer.Error);
            Assert.Contains("remove '", answer.Error);
        }
        Assert.Contains("no studies yet", (await shell.RunAsync("studies")).ToString());
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
