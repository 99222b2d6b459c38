using TuneGrid.Cli.Terminal;
using TuneGrid.Testing.Commands;
using TuneGrid.Testing.Contracts;

namespace TuneGrid.Cli.Tests;

/// <summary>What commands call the state of studies and trials: everywhere the same.</summary>
public sealed class StatusTests : IDisposable
{
    private readonly Shell _shell = new();

    public void Dispose() => _shell.Dispose();

    [Fact]
    public async Task An_open_study_is_paused_until_a_silo_serves_it()
    {
        await LedgerWriter.WriteOpenAsync(_shell, "open");
        Assert.Equal(("paused", "paused"), await StatusAsync("open"));
        Assert.StartsWith("open  paused  corpus storybook", await TableAsync("show", "open"));

        await using var store = await LedgerWriter.OpenAsync(_shell);
        await store.Studies.AnnounceAsync(Sample.Silo(Sample.SiloA) with { Study = new("another") }, default);
        Assert.Equal(("paused", "paused"), await StatusAsync("open"));

        await store.Studies.AnnounceAsync(Sample.Silo(Sample.SiloB), default);
        Assert.Equal(("running", "running"), await StatusAsync("open"));
        Assert.StartsWith("open  running  corpus storybook", await TableAsync("show", "open"));
    }

    [Fact]
    public async Task A_study_that_has_ended_has_not_been_paused()
    {
        await LedgerWriter.WriteCompletedAsync(_shell, "ended");

        Assert.Equal(("completed", "completed"), await StatusAsync("ended"));
    }

    [Fact]
    public async Task Trials_that_a_study_left_behind_are_stopped()
    {
        await LedgerWriter.WriteCompletedAsync(_shell, "ended");
        await LedgerWriter.WriteOpenAsync(_shell, "open");

        Assert.Equal(["completed", "failed", "stopped"], await TrialsAsync("ended"));
        Assert.Contains("t2     stopped", await TableAsync("trials", "ended"));
        Assert.Equal(["completed", "failed", "running"], await TrialsAsync("open"));

        await _shell.RunAsync("cancel", "open");
        Assert.Equal(["completed", "failed", "stopped"], await TrialsAsync("open"));
    }

    private async Task<(string Studies, string Show)> StatusAsync(string study)
    {
        var all = await _shell.RunAsync("studies", "--output", "json");
        var one = await _shell.RunAsync("show", study, "--output", "json");
        return (Assert.Single(all.Json.AsArray())!["status"]!.GetValue<string>(), one.Json["status"]!.GetValue<string>());
    }

    private async Task<string> TableAsync(params string[] arguments)
    {
        var answer = await _shell.RunAsync(arguments);
        Assert.True(answer.Code == ExitCodes.Fine, answer.ToString());
        return answer.Out;
    }

    private async Task<IEnumerable<string>> TrialsAsync(string study) =>
        (await _shell.RunAsync("trials", study, "--output", "json")).Json.AsArray().Select(t => t!["status"]!.GetValue<string>());
}
