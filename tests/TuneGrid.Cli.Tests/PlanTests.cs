using TuneGrid.Testing.Commands;

namespace TuneGrid.Cli.Tests;

/// <summary>What a search will take, said before it starts.</summary>
public class PlanTests
{
    private const string Space = """
        { "budget": { "seconds": 270 }, "trials": 9, "scheduler": { "type": "asha", "eta": 3, "rungs": 3 },
          "parameters": { "width": { "type": "int", "min": 32, "max": 64, "step": 8 } }, "constraints": ["width < 60"],
          "finalists": { "count": 1, "repeats": 2 } }
        """;

    [Fact]
    public async Task Validate_says_what_each_rung_takes_and_how_much_of_the_space_is_out_of_reach()
    {
        using var shell = new Shell();
        var file = shell.File("plan.json", Space);

        var text = await shell.RunAsync("validate", file);
        var plan = (await shell.RunAsync("validate", file, "--output", "json")).Json["plan"]!;

        Assert.Contains("plan: 9 trials, 19:30 of training in all, for one silo", text.Out);
        Assert.Contains("  rung 2 at 1:30: 3 trials, 3:00", text.Out);
        Assert.Contains("  then the best runs again, 2 times each: 9:00", text.Out);
        Assert.Contains("the chance that the best survives is unknown", text.Out);
        Assert.Equal([9, 3, 1], plan["rungs"]!.AsArray().Select(r => (int)r!["trials"]!));
        Assert.Equal([270.0, 180, 180], plan["rungs"]!.AsArray().Select(r => (double)r!["seconds"]!));
        Assert.Null(plan["rungs"]![0]!["survival"]);
        Assert.Equal(540, (double)plan["finalists"]!["seconds"]!);
        Assert.Equal(1170, (double)plan["seconds_total"]!);
        // One of the five widths.
        Assert.InRange((double)plan["infeasible_share"]!, 0.15, 0.25);
        Assert.False(File.Exists(Path.Combine(shell.Home, "tunegrid.db")), "asking makes no store");
    }

    [Fact]
    public async Task A_budget_in_steps_has_no_seconds()
    {
        using var shell = new Shell();
        var file = shell.File("plan.json", Space.Replace("\"seconds\": 270", "\"steps\": 270", StringComparison.Ordinal));

        var plan = (await shell.RunAsync("validate", file, "--output", "json")).Json["plan"]!;

        Assert.Equal("steps", (string)plan["unit"]!);
        Assert.Null(plan["seconds_total"]);
        Assert.Equal(1170, (double)plan["total"]!);
        Assert.Null(plan["stop_after_seconds"]);
    }

    [Fact]
    public async Task A_limit_on_the_whole_stands_beside_what_the_search_would_take()
    {
        using var shell = new Shell();

        var text = await shell.RunAsync("validate", shell.File("plan.json", Space), "--set", "stop.after=10m");

        Assert.Contains("19:30 of training in all, for one silo; it ends after 10m, whatever is left", text.Out);
    }
}
