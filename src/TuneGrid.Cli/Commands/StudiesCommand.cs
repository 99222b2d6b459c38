using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using TuneGrid.Cli.Context;
using TuneGrid.Cli.Flags;
using TuneGrid.Cli.Terminal;
using TuneGrid.Cli.Views;
using TuneGrid.Coordination.Ledger;

namespace TuneGrid.Cli.Commands;

/// <summary>
/// <c>tunegrid studies</c>: all of them, one line each, oldest first. Reads headers only, so it is quick however many trials there are.
/// </summary>
internal static class StudiesCommand
{
    private const string Damaged = "damaged";

    public static Command Create(CliConsole console)
    {
        var (store, output) = (new StoreFlag(), CommonOptions.Output());
        var command = new Command("studies", "Lists the studies.") { output };
        store.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var context = new CommandContext(console);
            await using var opened = await context.OpenStoreAsync(store.Read(parsed), cancellation);
            var now = await opened.Studies.NowAsync(cancellation);
            var silos = await opened.Studies.SilosAsync(cancellation);
            var all = await StudyFinder.ListAsync(opened.Studies, console.Error, cancellation);
            var studies = all
                .Select(s => s with { Status = s.StatusAmong(silos, now, context.LeaseTimeToLive) }).ToList();
            if (parsed.GetValue(output) == OutputFormat.Json)
                Json.Write(console, studies.Select(Describe).Concat(all.Broken.Select(Describe)));
            else if (studies.Count + all.Broken.Count == 0)
                console.Error.WriteLine("no studies yet; start one: tunegrid search search-spaces/quick.json");
            else
                Print(console, studies, all.Broken, now);
            return ExitCodes.Fine;
        });
        return command;
    }

    private static JsonObject Describe(StudySummary study) => new()
    {
        ["study"] = study.Id.Value,
        ["name"] = study.Name,
        ["status"] = study.Status.ToString().ToLowerInvariant(),
        ["corpus"] = study.Corpus.Name,
        ["created"] = Json.Time(study.CreatedAt),
        ["changed"] = Json.Time(study.ChangedAt),
        ["trials"] = study.Trials,
        ["failed"] = study.Failed,
        ["best_bits_per_byte"] = Json.Number(Best(study)?.Score),
        ["hardware_classes"] = Json.Array(study.Champions.Select(c => (JsonNode?)c.Class.Key)),
    };

    private static JsonObject Describe(LedgerCorruptException broken) => new()
    {
        ["study"] = broken.Study!.Value.Value,
        ["status"] = Damaged,
        ["problem"] = broken.Message,
    };

    private static void Print(
        CliConsole console, IReadOnlyList<StudySummary> studies, IReadOnlyList<LedgerCorruptException> broken, DateTimeOffset now)
    {
        var table = new TextTable("study", "status", "corpus", "trials", "failed", "best", "changed");
        foreach (var study in studies)
        {
            table.Add(
                study.Id.Value, study.Status.ToString().ToLowerInvariant(), study.Corpus.Name,
                study.Trials.ToString(CultureInfo.InvariantCulture), study.Failed.ToString(CultureInfo.InvariantCulture),
                Best(study) is { } best ? Text.Score(best.Score) : "-",
                Text.Ago(now - study.ChangedAt));
        }
        foreach (var study in broken)
            table.Add(study.Study!.Value.Value, Damaged, "-", "-", "-", "-", "-");
        table.Write(console.Out);
    }

    private static Champion? Best(StudySummary study) => study.Champions.MinBy(c => c.Score);
}
