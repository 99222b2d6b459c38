using TuneGrid.Cli.Context;
using TuneGrid.Training;

namespace TuneGrid.Cli.Sessions;

/// <summary>The story a champion is shown with: always the same one for the same model.</summary>
internal static class StorySample
{
    public const string Prompt = "Once upon a time";

    private static readonly GenerationOptions Sampling = new(Temperature: 0.8, TopP: 0.95, MaxTokens: 200, Seed: 1);

    public static string Generate(CommandContext context, string modelPath, CancellationToken cancellation)
    {
        using var model = LanguageModel.Load(modelPath, CommandContext.Writer(CommandContext.ThreadsOrDefault(null), Sampling.Seed));
        return model.Generate(Prompt, Sampling, null, cancellation).Trim();
    }
}
