using System.CommandLine;
using System.Text.Json.Nodes;
using TuneGrid.Cli.Context;
using TuneGrid.Cli.Flags;
using TuneGrid.Cli.Output;
using TuneGrid.Cli.Terminal;
using TuneGrid.Cli.Views;
using TuneGrid.Coordination;
using TuneGrid.Coordination.Artifacts;

namespace TuneGrid.Cli.Commands;

/// <summary><c>tunegrid show STUDY</c>: one study, its rungs and champions, each hardware class by itself.</summary>
internal static class ShowCommand
{
    public static Command Create(CliConsole console)
    {
        var (study, store, output) = (CommonOptions.StudyArgument(), new StoreFlag(), CommonOptions.Output());
        var command = new Command("show", "Shows a study: rungs, champion, what runs.") { study, output };
        store.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var context = new CommandContext(console);
            await using var opened = await context.OpenStoreAsync(store.Read(parsed), cancellation);
            var summary = await StudyFinder.FindAsync(opened.Studies, parsed.GetValue(study)!, cancellation);
            var read = (await StudyView.ReadAsync(opened.Studies, summary.Id, cancellation))!;
            var now = await opened.Studies.NowAsync(cancellation);
            var view = read.Among(await opened.Studies.SilosAsync(cancellation), now, context.LeaseTimeToLive);
            if (parsed.GetValue(output) == OutputFormat.Json)
                Json.Write(console, await DescribeAsync(view, context, opened.Artifacts, now, cancellation));
            else
                StudyText.Write(console.Out, view, await opened.Studies.LeasesAsync(view.Id, cancellation), now);
            return ExitCodes.Fine;
        });
        return command;
    }

    private static async Task<JsonObject> DescribeAsync(
        StudyView view, CommandContext context, IArtifactStore artifacts, DateTimeOffset now, CancellationToken cancellation)
    {
        var mine = StudyReport.ClassOf(view, context.Class(CommandContext.ThreadsOrDefault(null)));
        var report = await OneAsync(mine);
        var all = new JsonArray();
        foreach (var hardware in view.Classes)
            all.Add((JsonNode)await OneAsync(hardware));
        report["classes"] = all;
        return report;

        async Task<JsonObject> OneAsync(HardwareClass hardware)
        {
            var model = await ChampionModel.PathAsync(view, hardware, artifacts, cancellation);
            return StudyReport.Of(view, hardware, model, view.WallSeconds(now), now);
        }
    }
}
