using TuneGrid.Cli.Terminal;
using TuneGrid.Coordination;
using TuneGrid.Testing.Commands;
using TuneGrid.Testing.Contracts;

namespace TuneGrid.Cli.Tests;

/// <summary><c>pause</c>, <c>resume</c>, <c>cancel</c> and <c>silos drain</c>: what there is to act on, and what is refused.</summary>
public sealed class ControlTests : IDisposable
{
    private readonly Shell _shell = new();

    public void Dispose() => _shell.Dispose();

    [Theory]
    [InlineData("pause nobody-knows", "there is no study 'nobody-knows'")]
    [InlineData("resume nobody-knows", "there is no study 'nobody-knows'")]
    [InlineData("cancel nobody-knows t0", "there is no study 'nobody-knows'")]
    [InlineData("pause ended", "ended is already completed")]
    [InlineData("cancel ended", "ended is already completed")]
    [InlineData("cancel ended t2", "ended is already completed")]
    [InlineData("cancel open t6", "open has no trial t6; 'tunegrid trials open' lists them")]
    [InlineData("cancel open 6", "open has no trial t6; 'tunegrid trials open' lists them")]
    [InlineData("cancel open six", "trial is 'six'; expected a trial's number, such as 6 or t6")]
    [InlineData("cancel open t0", "t0 of open is already completed")]
    [InlineData("cancel open 1", "t1 of open is already failed")]
    [InlineData("silos drain box-1", "there is no silo 'box-1'")]
    [InlineData("silos drain box-1 --now", "there is no silo 'box-1'")]
    public async Task What_is_unknown_or_has_ended_is_refused(string line, string expected)
    {
        await LedgerWriter.WriteOpenAsync(_shell, "open");
        await LedgerWriter.WriteCompletedAsync(_shell, "ended");

        await IsRefusedAsync(expected, line.Split(' '));
    }

    [Fact]
    public async Task A_study_is_paused_once_and_cancelled_once()
    {
        await LedgerWriter.WriteOpenAsync(_shell, "open");

        await SaysAsync("open is paused, nothing is lost; go on with: tunegrid resume open", "pause", "open");
        await IsRefusedAsync("open is already paused", "pause", "open");
        await SaysAsync("open is cancelled", "cancel", "open");
        await IsRefusedAsync("open is already cancelled", "cancel", "open");
        await IsRefusedAsync("open is already cancelled", "pause", "open");
        await IsRefusedAsync("open was cancelled; 'tunegrid show open' shows what it found", "resume", "open");
    }

    [Theory]
    [InlineData("t2")]
    [InlineData("2")]
    public async Task One_trial_is_cancelled_once(string trial)
    {
        await LedgerWriter.WriteOpenAsync(_shell, "open");

        await SaysAsync("t2 of open is cancelled", "cancel", "open", trial);

        await IsRefusedAsync("t2 of open is already failed", "cancel", "open", trial);
        var trials = (await _shell.RunAsync("trials", "open", "--output", "json")).Json.AsArray();
        Assert.Equal("cancelled: asked by a person", trials[2]!["failure"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_silo_is_asked_to_leave_until_it_has_left()
    {
        await using var store = await LedgerWriter.OpenAsync(_shell);
        await store.Studies.AnnounceAsync(Sample.Silo(Sample.SiloA), default);

        await SaysAsync($"{Sample.SiloA} will leave once its segment has ended", "silos", "drain", "a");
        await SaysAsync($"{Sample.SiloA} leaves now", "silos", "drain", "a-1", "--now");

        await store.Studies.DepartAsync(Sample.SiloA, default);
        await IsRefusedAsync("there is no silo 'a-1'", "silos", "drain", "a-1", "--now");
    }

    private async Task SaysAsync(string expected, params string[] arguments)
    {
        var answer = await _shell.RunAsync(arguments);
        Assert.True(answer.Code == ExitCodes.Fine, answer.ToString());
        Assert.Contains(expected, answer.Out);
    }

    private async Task IsRefusedAsync(string expected, params string[] arguments)
    {
        var answer = await _shell.RunAsync(arguments);
        Assert.True(answer.Code == ExitCodes.BadInput, answer.ToString());
        Assert.Contains(expected, answer.Error);
        Assert.Single(answer.Error.TrimEnd().Split('\n'));
        Assert.Empty(answer.Out);
    }
}
