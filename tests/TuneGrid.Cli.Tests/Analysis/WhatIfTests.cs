using System.Text.Json.Nodes;
using TuneGrid.Cli.Terminal;
using TuneGrid.Testing.Commands;

namespace TuneGrid.Cli.Tests.Analysis;

/// <summary><c>replay --what-if</c> and <c>--savings</c> over a study that the rules decided.</summary>
public sealed class WhatIfTests : IDisposable
{
    private readonly Shell _shell = new();

    public void Dispose() => _shell.Dispose();

    [Fact]
    public async Task The_same_rules_do_the_same_again_and_need_nothing()
    {
        await DecidedStudy.WriteAsync(_shell, "formula-aaaa");

        var found = await AskAsync("scheduler.eta=3");

        Assert.Equal(1890, found["device_seconds"]!.GetValue<double>());
        Assert.Equal(1890, found["recorded_device_seconds"]!.GetValue<double>());
        Assert.True(found["champion_found"]!.GetValue<bool>());
        Assert.Equal(found["champion"]!.GetValue<int>(), found["best"]!.GetValue<int>());
        Assert.Empty(found["needed"]!.AsArray());
        Assert.All(
            found["rungs"]!.AsArray(), r => Assert.Equal(r!["recorded_promoted"]!.ToJsonString(), r["promoted"]!.ToJsonString()));
    }

    [Fact]
    public async Task Other_rules_need_scores_that_nobody_knows()
    {
        await DecidedStudy.WriteAsync(_shell, "formula-aaaa");

        var whole = await AskAsync("scheduler.type=random");
        Assert.Equal(27 * 270, whole["device_seconds"]!.GetValue<double>());
        Assert.True(whole["champion_found"]!.GetValue<bool>());
        // All but the three that got there.
        Assert.Equal(24, whole["needed"]!.AsArray().Count);

        var text = await _shell.RunAsync("replay", "formula-aaaa", "--what-if", "scheduler.type=successive_halving", "--savings");
        Assert.True(text.Code == ExitCodes.Fine, text.ToString());
        Assert.StartsWith("test-cpu/2of2/avx2/8g, with scheduler.type=successive_halving:", text.Out);
        Assert.Contains("is found", text.Out);
        Assert.Contains("OTHER PROMOTIONS", text.Out);
        Assert.Contains("halving spent", text.Out);
    }

    [Fact]
    public async Task Another_sampler_tries_the_nearest_of_what_is_known()
    {
        await DecidedStudy.WriteAsync(_shell, "formula-aaaa");

        var found = await AskAsync("sampler.type=sobol");

        Assert.Equal(27, found["proposed"]!.GetValue<int>());
        Assert.InRange(found["proposed_as_recorded"]!.GetValue<int>(), 0, 26);
        Assert.NotNull(found["best"]);
    }

    [Fact]
    public async Task Halving_saved_three_quarters_and_missed_nobody()
    {
        await DecidedStudy.WriteAsync(_shell, "formula-aaaa");

        var text = await _shell.RunAsync("replay", "formula-aaaa", "--savings");
        Assert.True(text.Code == ExitCodes.Fine, text.ToString());
        Assert.Contains("halving spent 31:30 of training (0 s of it lost); ", text.Out);
        Assert.Contains("would have been 2:01:30: 74 % saved", text.Out);
        Assert.Contains("would have beaten the champion with p = 0.00, by how 12 trials went on", text.Out);

        var json = (await _shell.RunAsync("replay", "formula-aaaa", "--savings", "--output", "json")).Json["savings"]!.AsArray();
        Assert.Equal(7290, Assert.Single(json)!["device_seconds_without"]!.GetValue<double>());
    }

    [Theory]
    [InlineData("budget.seconds=60", "--what-if is 'budget.seconds=60'; expected scheduler.KEY=VALUE or sampler.KEY=VALUE")]
    [InlineData("scheduler.eta=1", "--what-if scheduler.eta=1: ")]
    [InlineData("sampler.type=best", "--what-if sampler.type=best: ")]
    public async Task Rules_that_there_are_not_are_refused(string rule, string expected)
    {
        await DecidedStudy.WriteAsync(_shell, "formula-aaaa");

        var answer = await _shell.RunAsync("replay", "formula-aaaa", "--what-if", rule);

        Assert.True(answer.Code == ExitCodes.BadInput, answer.ToString());
        Assert.Contains(expected, answer.Error);
        Assert.Empty(answer.Out);
    }

    private async Task<JsonNode> AskAsync(string rule)
    {
        var answer = await _shell.RunAsync("replay", "formula-aaaa", "--what-if", rule, "--output", "json");
        Assert.True(answer.Code == ExitCodes.Fine, answer.ToString());
        return Assert.Single(answer.Json["classes"]!.AsArray())!;
    }
}
