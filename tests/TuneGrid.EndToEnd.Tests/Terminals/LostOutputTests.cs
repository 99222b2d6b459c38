using System.Text.Json.Nodes;
using TuneGrid.Testing.Processes;

namespace TuneGrid.EndToEnd.Tests.Terminals;

/// <summary>An error that can't be told never ends the work; output that was asked for and can't be written is exit code 4.</summary>
public sealed class LostOutputTests : IDisposable
{
    private const int NotWritten = 4;
    private readonly Sandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [NeedsTheory(Need.Unix)]
    [InlineData("<&- >&- 2>&-", "--trace lines", 0)]
    [InlineData("> /dev/full 2> /dev/full", "--trace console", 0)]
    [InlineData("2>&-", "--output json", 0)]
    [InlineData("> /dev/full 2> /dev/full", "--output json", NotWritten)]
    [InlineData(">&-", "--output json", NotWritten)]
    [InlineData("| exec true", "--output json", NotWritten)]
    public async Task A_search_that_can_tell_nobody_ends_all_the_same(string redirection, string flags, int expected)
    {
        await _sandbox.AddStoriesAsync();
        var space = _sandbox.WriteSpace("tiny", trials: 2, steps: 20, rungs: 2);

        var (code, errors) = await RunAsync(redirection, ["search", space, "--threads", "1", "--name", "one", .. flags.Split(' ')]);

        Assert.True(code == expected, errors);
        var shown = await TuneGridProcess.RunJsonAsync(_sandbox, "show", "one");
        Assert.Equal(("completed", 2), ((string?)shown["status"], (int?)shown["trials"]));
    }

    [NeedsTheory(Need.Unix)]
    [InlineData("> /dev/full", "doctor", "stdout could not be written")]
    [InlineData(">&-", "studies --output json", "stdout could not be written")]
    [InlineData("> /dev/full", "--help", "stdout could not be written")]
    public async Task A_list_that_cannot_be_written_is_exit_code_4_and_one_line(string redirection, string command, string expected)
    {
        var (code, errors) = await RunAsync(redirection, command.Split(' '));

        Assert.Equal(NotWritten, code);
        Assert.Contains(expected, Assert.Single(errors.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [NeedsTheory(Need.Unix)]
    [InlineData("--help")]
    [InlineData("doctor --output json")]
    public async Task A_reader_who_has_had_enough_of_a_list_is_no_error(string command)
    {
        var (code, errors) = await RunAsync("| exec true", command.Split(' '));

        Assert.Equal((0, ""), (code, errors));
    }

    [NeedsFact(Need.Unix)]
    public async Task A_training_whose_model_cannot_be_saved_still_tells_its_score()
    {
        await _sandbox.AddStoriesAsync();

        string[] train =
        [
            "train", "--corpus", "tiny", "--width", "32", "--depth", "1", "--set", "vocabulary=300", "--budget", "2steps", "--threads", "1",
            "--out", Path.Combine(_sandbox.Folder, "model.safetensors"), "--output", "json",
        ];
        using var good = await TuneGridProcess.RunAsync(_sandbox, train);
        Assert.True(good.ExitCode == 0, good.Errors);

        using var full = TuneGridProcess.StartOnFullDisk(_sandbox, 32, train);

        Assert.Equal(NotWritten, await full.ExitAsync());
        Assert.Contains("the model could not be saved as", full.Errors, StringComparison.Ordinal);
        var (told, expected) = (JsonNode.Parse(full.LastLine)!, JsonNode.Parse(good.LastLine)!);
        Assert.Null(told["model"]);
        Assert.Equal((double)expected["bits_per_byte"]!, (double)told["bits_per_byte"]!);
    }

    /// <summary>Runs it as a shell does with such a redirection; a pipe's other end is closed before the command begins.</summary>
    private async Task<(int Code, string Errors)> RunAsync(string redirection, string[] arguments)
    {
        var script = redirection.StartsWith('|')
            ? "mkfifo pipe; exec 3<> pipe; exec 4> pipe; exec 3<&-; exec \"$@\" >&4 4>&-"
            : $"exec \"$@\" {redirection}";
        using var process = TuneGridProcess.Start(_sandbox, arguments, wrapper: ["sh", "-c", script, "sh"]);
        return (await process.ExitAsync(), process.Errors);
    }
}
