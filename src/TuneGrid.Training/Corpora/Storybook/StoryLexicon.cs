namespace TuneGrid.Training.Corpora.Storybook;

/// <summary>What patterns may name besides roles: pools of words, and patterns told before them.</summary>
internal sealed class StoryLexicon
{
    public Dictionary<string, Word[]> Pools { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, Template[]> Patterns { get; } = new(StringComparer.Ordinal);
}
