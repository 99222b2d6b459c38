using TuneGrid.Cli.Terminal;
using TuneGrid.Testing.Commands;

namespace TuneGrid.Cli.Tests;

/// <summary><c>tunegrid train</c> and what is done with its model, on models that take a second.</summary>
public sealed class TrainTests
{
    private const string Tiny =
        "train --corpus small --width 16 --depth 1 --batch-size 2 --threads 1 --set context=16 --set vocabulary=300";

    [Fact]
    public async Task A_run_prints_one_object_with_every_promised_field()
    {
        using var shell = new Shell();
        await shell.AddSmallCorpusAsync();
        var text = shell.File("text.txt", "Once upon a time there was a small dog.\n<|endoftext|>\nThe dog was happy.\n");

        var answer = await shell.RunAsync(
            [.. Tiny.Split(' '), "--budget", "4steps", "--seed", "7", "--eval-text", text, "--output", "json"]);

        Assert.True(answer.Code == ExitCodes.Fine, answer.ToString());
        Assert.Single(answer.Out.TrimEnd().Split('\n'));
        string[] fields =
        [
            "bits_per_byte", "perplexity", "tokens", "tokens_per_second", "training_seconds", "wall_seconds", "steps", "parameters",
            "vocabulary", "threads", "eval_bits_per_byte", "peak_memory_bytes",
        ];
        foreach (var field in fields)
            Assert.True(answer.Json[field]!.GetValue<double>() > 0, field);
        Assert.Equal(4, answer.Json["steps"]!.GetValue<long>());
        Assert.Equal(300, answer.Json["vocabulary"]!.GetValue<int>());
        Assert.Equal("small", answer.Json["corpus"]!.GetValue<string>());
        Assert.Contains(answer.Json["isa"]!.GetValue<string>(), answer.Json["hardware_class"]!.GetValue<string>());
        Assert.True(File.Exists(answer.Json["model"]!.GetValue<string>()));
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_score_and_the_model_tells_a_story()
    {
        using var shell = new Shell();
        await shell.AddSmallCorpusAsync();
        var path = Path.Combine(shell.Home, "models", "mine.safetensors");

        var first = await shell.RunAsync([.. Tiny.Split(' '), "--budget", "4steps", "--model", path, "--output", "json"]);
        var second = await shell.RunAsync([.. Tiny.Split(' '), "--budget", "4steps", "--output", "json"]);
        var story = await shell.RunAsync("sample", path, "--prompt", "Once", "--tokens", "8", "--threads", "1");
        var greedy = await shell.RunAsync("sample", path, "--prompt", "Once", "--tokens", "8", "--temperature", "0");

        Assert.Equal(first.Json["bits_per_byte"]!.ToString(), second.Json["bits_per_byte"]!.ToString());
        Assert.Equal(path, first.Json["model"]!.GetValue<string>());
        Assert.True(story.Code == ExitCodes.Fine, story.ToString());
        Assert.StartsWith("Once", story.Out);
        Assert.StartsWith("Once", greedy.Out);
    }

    [Fact]
    public async Task A_file_that_is_no_model_is_named()
    {
        using var shell = new Shell();
        var path = shell.File("broken.safetensors", "not a model at all");

        var answer = await shell.RunAsync("sample", path);

        Assert.Equal(ExitCodes.BadInput, answer.Code);
        Assert.Contains("broken.safetensors", answer.Error);
    }

    [Fact]
    public async Task A_diverged_run_ends_with_1_and_says_so_in_the_object()
    {
        using var shell = new Shell();
        await shell.AddSmallCorpusAsync();

        var answer = await shell.RunAsync([
            .. Tiny.Split(' '), "--budget", "400steps", "--set", "recipe=plain", "--learning-rate", "10", "--set", "gradient_clip=0",
            "--output", "json",
        ]);

        Assert.True(answer.Code == ExitCodes.Failure, answer.ToString());
        Assert.Equal("diverged", answer.Json["status"]!.GetValue<string>());
        Assert.Contains("try a lower --learning-rate", answer.Error);
    }

    [Fact]
    public async Task An_interrupted_run_ends_with_130_and_keeps_the_model()
    {
        Shell? shell = null;
        shell = new Shell
        {
            OnError = line =>
            {
                if (line.StartsWith("training", StringComparison.Ordinal))
                    shell!.Interrupts.Request(System.Runtime.InteropServices.PosixSignal.SIGINT);
            },
        };
        using var _ = shell;
        await shell.AddSmallCorpusAsync();
        var path = Path.Combine(shell.Home, "half.safetensors");

        var answer = await shell.RunAsync([.. Tiny.Split(' '), "--budget", "1e9steps", "--model", path]);

        Assert.True(answer.Code == 130, answer.ToString());
        Assert.Empty(answer.Out);
        Assert.True(File.Exists(path));
    }
}
