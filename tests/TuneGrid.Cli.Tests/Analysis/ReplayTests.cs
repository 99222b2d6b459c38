using TuneGrid.Cli.Terminal;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Testing.Commands;

namespace TuneGrid.Cli.Tests.Analysis;

/// <summary><c>replay</c> and <c>explain</c> over a study that the rules decided.</summary>
public sealed class ReplayTests : IDisposable
{
    private readonly Shell _shell = new();

    public void Dispose() => _shell.Dispose();

    [Fact]
    public async Task A_study_is_replayed_bit_for_bit()
    {
        var ledger = await DecidedStudy.WriteAsync(_shell, "formula-aaaa");

        var text = await _shell.RunAsync("replay", "formula-aaaa");
        Assert.True(text.Code == ExitCodes.Fine, text.ToString());
        Assert.StartsWith($"formula-aaaa: {ledger.Count - 1} of {ledger.Count} events follow from the rules, bit for bit (", text.Out);
        Assert.Contains("27 trial_proposed", text.Out);

        var json = (await _shell.RunAsync("replay", "formula-aaaa", "--output", "json")).Json;
        Assert.Equal(ledger.Count - 1, json["reproduced"]!.GetValue<int>());
        Assert.Equal(12, json["by_event"]!["trial_promoted"]!.GetValue<int>());
        Assert.Null(json["difference"]);
    }

    [Fact]
    public async Task The_first_event_that_differs_is_named_and_is_exit_code_1()
    {
        var at = 0L;
        await DecidedStudy.WriteAsync(_shell, "formula-bbbb", change: ledger =>
        {
            var index = ledger.FindIndex(e => e.Event is TrialPromoted);
            at = ledger[index].Sequence;
            var promoted = (TrialPromoted)ledger[index].Event;
            ledger[index] = new(at, promoted with { Why = promoted.Why with { Score = Math.BitIncrement(promoted.Why.Score) } });
            return ledger;
        });

        var text = await _shell.RunAsync("replay", "formula-bbbb");
        Assert.Equal(ExitCodes.Failure, text.Code);
        Assert.Empty(text.Out);
        Assert.Contains($"formula-bbbb differs from its rules at event {at}: recorded: t", text.Error);
        Assert.Contains("; what follows: t", text.Error);

        var json = await _shell.RunAsync("replay", "formula-bbbb", "--output", "json");
        Assert.Equal(ExitCodes.Failure, json.Code);
        Assert.Equal(at, json.Json["difference"]!["event"]!.GetValue<long>());
        Assert.Equal("trial_promoted", json.Json["difference"]!["expected"]!["event"]!.GetValue<string>());
        Assert.DoesNotContain("secret", json.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trials_life_is_told_in_ten_lines()
    {
        await DecidedStudy.WriteAsync(_shell, "formula-cccc");
        var best = (await _shell.RunAsync("show", "formula-cccc", "--output", "json")).Json["best"]!["trial"]!.GetValue<int>();

        var text = await _shell.RunAsync("explain", "formula-cccc", $"t{best}");
        Assert.True(text.Code == ExitCodes.Fine, text.ToString());
        Assert.InRange(text.Out.TrimEnd().Split('\n').Length, 6, 10);
        Assert.StartsWith($"t{best} of formula-cccc: completed, the champion; class test-cpu", text.Out);
        Assert.Contains("by random", text.Out);
        Assert.Contains("rung 1 at 30 s: ", text.Out);
        Assert.Contains(": went on, among the best ", text.Out);
        Assert.Contains("rung 3 at 4:30: ", text.Out);
        Assert.Contains("the whole budget", text.Out);
        Assert.Contains("ran on box-1 (3 segments)", text.Out);

        var json = (await _shell.RunAsync("explain", "formula-cccc", $"{best}", "--output", "json")).Json;
        Assert.Equal(3, json["rungs"]!.AsArray().Count);
        Assert.True(json["champion"]!.GetValue<bool>());
        Assert.Equal("random", json["proposed_by"]!.GetValue<string>());
    }

    [Fact]
    public async Task Why_a_trial_stopped_or_failed_is_told()
    {
        await LedgerWriter.WriteCompletedAsync(_shell, "ended");

        var failed = await _shell.RunAsync("explain", "ended", "1");
        Assert.Contains("failed: diverged: the loss diverged at step 7", failed.Out);
        Assert.Contains("drawn by a release that did not say why", failed.Out);
        var stopped = await _shell.RunAsync("explain", "ended", "t2");
        Assert.StartsWith("t2 of ended: stopped; class", stopped.Out);
        Assert.Contains("rung 1 at 4 s: 3.0000, rank 2 of 3, cutoff 2.2500: stopped; 1 place was there to go on", stopped.Out);
    }

    [Theory]
    [InlineData("replay nobody-knows", "there is no study 'nobody-knows'")]
    [InlineData("explain nobody-knows t0", "there is no study 'nobody-knows'")]
    [InlineData("explain ended t9", "ended has no trial t9; 'tunegrid trials ended' lists them")]
    [InlineData("explain ended nine", "trial is 'nine'; expected a trial's number, such as 6 or t6")]
    [InlineData("explain ended", "needs <study> <trial>")]
    public async Task What_is_unknown_is_refused(string line, string expected)
    {
        await LedgerWriter.WriteCompletedAsync(_shell, "ended");

        var answer = await _shell.RunAsync(line.Split(' '));

        Assert.True(answer.Code == ExitCodes.BadInput, answer.ToString());
        Assert.Contains(expected, answer.Error);
        Assert.Empty(answer.Out);
    }
}
