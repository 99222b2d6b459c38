using System.CommandLine;
using System.Text.Json.Nodes;
using TuneGrid.Cli.Context;
using TuneGrid.Cli.Flags;
using TuneGrid.Cli.Output;
using TuneGrid.Cli.Sessions;
using TuneGrid.Cli.Terminal;
using TuneGrid.Cli.Views;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Trials;
using TuneGrid.Training.Checkpoints;

namespace TuneGrid.Cli.Commands;

/// <summary>
/// <c>tunegrid best [STUDY]</c>: the champion of each hardware class and corpus, over all studies or of one, with a story it writes.
/// </summary>
internal static class BestCommand
{
    public static Command Create(CliConsole console)
    {
        var study = new Argument<string?>("study") { Description = "Only of this study", Arity = ArgumentArity.ZeroOrOne };
        var (store, output) = (new StoreFlag(), CommonOptions.Output());
        var command = new Command("best", "Shows the champions: configuration, score, model, story.") { study, output };
        store.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var context = new CommandContext(console);
            await using var opened = await context.OpenStoreAsync(store.Read(parsed), cancellation);
            var champions = StudyChampion.Of(parsed.GetValue(study) is { } text
                ? [await StudyFinder.FindAsync(opened.Studies, text, cancellation)]
                : await StudyFinder.ListAsync(opened.Studies, console.Error, cancellation));
            var asJson = parsed.GetValue(output) == OutputFormat.Json;
            var all = new JsonArray();
            foreach (var champion in champions)
            {
                var (model, story) = Story(context, await champion.ModelAsync(opened.Artifacts, cancellation), cancellation);
                if (asJson)
                    all.Add((JsonNode)Describe(champion, model, story));
                else
                    Print(console, champion, model, story);
            }
            if (asJson)
                Json.Write(console, all);
            else if (champions.Count == 0)
                console.Error.WriteLine("no champion yet: none is named before a trial has spent the whole budget");
            return ExitCodes.Fine;
        });
        return command;
    }

    /// <summary>Adds a story; a model that this release can't load counts as missing.</summary>
    private static (ChampionModel Model, string? Story) Story(CommandContext context, ChampionModel model, CancellationToken cancellation)
    {
        try
        {
            return (model, model.Path is { } path ? StorySample.Generate(context, path, cancellation) : null);
        }
        catch (Exception fault) when (fault is CheckpointException or IOException)
        {
            return (new(null, fault.Message), null);
        }
    }

    private static JsonObject Describe(StudyChampion best, ChampionModel model, string? story)
    {
        var (champion, result) = (best.Champion, best.Champion.Result);
        var json = new JsonObject
        {
            ["hardware_class"] = champion.Class.Key,
            ["corpus"] = best.Study.Corpus.Name,
            ["study"] = best.Study.Id.Value,
            ["trial"] = champion.Trial.Number,
            ["config"] = champion.Configuration.ToJson(),
            ["bits_per_byte"] = Json.Number(result.BitsPerByte),
            ["perplexity"] = Json.Number(result.Perplexity),
            ["parameters"] = result.Parameters,
            ["tokens"] = result.Tokens,
            ["tokens_per_second"] = Json.Number(result.TokensPerSecond),
            ["training_seconds"] = Json.Number(result.TrainingSeconds),
            ["model"] = model.Path,
            ["model_problem"] = model.Problem,
            ["story"] = story,
        };
        return ChampionText.AddTo(json, champion);
    }

    private static void Print(CliConsole console, StudyChampion best, ChampionModel model, string? story)
    {
        var (champion, result) = (best.Champion, best.Champion.Result);
        console.Out.WriteLine($"{champion.Class}  {best.Study.Corpus.Name}");
        console.Out.WriteLine($"  {ChampionText.Score(champion)}: trial {champion.Trial} of {best.Study.Id}");
        if (ChampionText.Kept(champion) is { } kept)
            console.Out.WriteLine($"  {kept}");
        console.Out.WriteLine($"  {champion.Configuration}");
        console.Out.WriteLine(
            $"  {Text.Count(result.Parameters)} parameters, "
            + $"{Text.Count(result.Tokens)} tokens in {Text.Duration(result.TrainingSeconds)} of training");
        console.Out.WriteLine($"  model {model.Path ?? (model.Problem is { } problem ? $"is missing: {problem}" : "is gone")}");
        if (story is not null)
            console.Out.WriteLine($"\n{story}\n");
    }
}
