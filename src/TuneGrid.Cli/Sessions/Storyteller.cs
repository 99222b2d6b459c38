using TuneGrid.Cli.Context;
using TuneGrid.Training;

namespace TuneGrid.Cli.Sessions;

/// <summary>The story a champion is shown with: always the same one for the same model.</summary>
internal static class Storyteller
{
    public const string Prompt = "Once upon a time";

    private static readonly GenerationOptions Telling = new(Temperature: 0.8, TopP: 0.95, MaxTokens: 200, Seed: 1);

    public static string Tell(Workplace place, string modelPath, CancellationToken cancellation)
    {
        using var model = LanguageModel.Load(modelPath, Workplace.Writer(Workplace.ThreadsOrDefault(null), Telling.Seed));
        return model.Generate(Prompt, Telling, null, cancellation).Trim();
    }
}
