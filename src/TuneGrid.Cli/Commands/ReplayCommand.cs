using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using TuneGrid.Cli.Context;
using TuneGrid.Cli.Flags;
using TuneGrid.Cli.Output;
using TuneGrid.Cli.Terminal;
using TuneGrid.Cli.Views;
using TuneGrid.Coordination;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Replaying;
using TuneGrid.Coordination.Studies;
using TuneGrid.Search.Reading;
using TuneGrid.Silo.Segments;

namespace TuneGrid.Cli.Commands;

/// <summary><c>tunegrid replay STUDY</c>: whether every decision of it follows from what was known.</summary>
internal static class ReplayCommand
{
    public static Command Create(CliConsole console)
    {
        var (study, store, output) = (CommonOptions.StudyArgument(), new StoreFlag(), CommonOptions.Output());
        var whatIf = new Option<string[]>("--what-if")
        {
            Description = "Show what other rules would have done, for example scheduler.eta=4 or sampler.type=sobol; repeat for more",
            HelpName = "KEY=VALUE", Arity = ArgumentArity.OneOrMore,
        };
        var savings = new Option<bool>("--savings") { Description = "Show what stopping trials early saved, and what it may have cost" };
        var command = new Command("replay", "Decides a study again, event by event, and says where that differs.")
        {
            study, whatIf, savings, output,
        };
        store.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var opened = await new CommandContext(console).OpenStoreAsync(store.Read(parsed), cancellation);
            var id = (await StudyFinder.FindAsync(opened.Studies, parsed.GetValue(study)!, cancellation)).Id;
            var ledger = await opened.Studies.ReadAsync(id, 0, cancellation);
            if (parsed.GetValue(whatIf) is { Length: > 0 } rules)
                return Other(console, LedgerFold.Of(id, ledger), rules, parsed.GetValue(savings), parsed.GetValue(output));
            return parsed.GetValue(savings)
                ? Save(console, LedgerFold.Of(id, ledger), parsed.GetValue(output))
                : Verify(console, id, ledger, parsed.GetValue(output));
        });
        return command;
    }

    private static int Other(CliConsole console, StudyState state, string[] rules, bool withSavings, OutputFormat output)
    {
        var reports = WhatIf.Run(state, Plan(state, rules));
        if (output == OutputFormat.Json)
        {
            Json.Write(console, new JsonObject
            {
                ["study"] = state.Id.Value,
                ["what_if"] = Json.Array(rules.Select(r => JsonValue.Create(r))),
                ["classes"] = Json.Array(reports.Select(WhatIfText.Describe)),
                ["savings"] = withSavings ? Json.Array(HalvingSavings.Of(state).Select(WhatIfText.Describe)) : null,
            });
            return ExitCodes.Fine;
        }
        foreach (var report in reports)
            WhatIfText.Write(console.Out, report, string.Join(" and ", rules), state.Space.Budget.Kind);
        return withSavings ? Save(console, state, output) : ExitCodes.Fine;
    }

    private static int Save(CliConsole console, StudyState state, OutputFormat output)
    {
        var savings = HalvingSavings.Of(state);
        if (output == OutputFormat.Json)
        {
            Json.Write(console, new JsonObject
            {
                ["study"] = state.Id.Value, ["savings"] = Json.Array(savings.Select(WhatIfText.Describe)),
            });
        }
        else
        {
            foreach (var one in savings)
                WhatIfText.Write(console.Out, one);
        }
        return ExitCodes.Fine;
    }

    /// <summary>Anything else would change what a recorded score means.</summary>
    private static SearchPlan Plan(StudyState state, string[] rules)
    {
        if (state.Trials.Count == 0)
            throw new UsageException($"{state.Id} has no trials yet");
        if (rules.FirstOrDefault(r => !r.StartsWith("scheduler.", StringComparison.Ordinal)
            && !r.StartsWith("sampler.", StringComparison.Ordinal)) is { } wrong)
        {
            throw new UsageException($"--what-if is '{wrong}'; expected scheduler.KEY=VALUE or sampler.KEY=VALUE");
        }
        var reading = SearchSpaceReader.Read(state.Created.Space, "ledger", TrainingParameterCatalog.Instance, rules);
        return reading.Space is not null
            ? SpacePlanner.Read(reading.Json)
            : throw new UsageException($"--what-if {string.Join(" ", rules)}: {reading.Problems[0].Message}");
    }

    private static int Verify(CliConsole console, StudyId id, IReadOnlyList<RecordedEvent> ledger, OutputFormat output)
    {
        var report = LedgerFold.Naming(id, () => DecisionReplay.Run(id, SpacePlanner.Read, ledger));
        if (output == OutputFormat.Json)
            Json.Write(console, Describe(id, ledger.Count, report));
        else if (report.Difference is null)
            console.Out.WriteLine(Summary(id, report));
        if (report.Difference is not { } difference)
            return ExitCodes.Fine;
        console.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"tunegrid: {id} differs from its rules at event {difference.Sequence}: recorded: {EventText.Line(difference.Recorded)}; "
            + $"what follows: {(difference.Expected is { } expected ? EventText.Line(expected) : "nothing")}"));
        return ExitCodes.Failure;
    }

    private static string Summary(StudyId id, ReplayReport report)
    {
        var kinds = report.Reproduced.OrderByDescending(r => r.Value).ThenBy(r => r.Key, StringComparer.Ordinal)
            .Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.Value} {r.Key}"));
        var older = report.Unchecked == 0 ? "" : string.Create(
            CultureInfo.InvariantCulture, $"; {report.Unchecked} were decided by an older release's rules, which are gone");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{id}: {report.Decisions} of {report.Events} events follow from the rules, bit for bit ({string.Join(", ", kinds)}); "
            + $"{report.Inputs} are people's{older}");
    }

    private static JsonObject Describe(StudyId id, int events, ReplayReport report) => new()
    {
        ["study"] = id.Value,
        ["events"] = events,
        ["reproduced"] = report.Decisions,
        ["by_event"] = new JsonObject(report.Reproduced.Select(r => KeyValuePair.Create(r.Key, (JsonNode?)JsonValue.Create(r.Value)))),
        ["inputs"] = report.Inputs,
        ["unchecked"] = report.Unchecked,
        ["difference"] = report.Difference is { } difference ? new JsonObject
        {
            ["event"] = difference.Sequence,
            ["recorded"] = EventText.Json(difference.Recorded),
            ["expected"] = difference.Expected is { } expected ? EventText.Json(expected) : null,
        } : null,
    };
}
