namespace TuneGrid.Training.Corpora.Storybook;

/// <summary>
/// The built-in corpus: small children's stories of our own making, so that searching needs no network. Its text is fixed for ever; a
/// storyteller that would tell other stories needs a new version here, since scores of different texts are not comparable.
/// </summary>
public static class StorybookCorpus
{
    /// <summary>The corpus's name, as users write it.</summary>
    public const string Name = "storybook";

    /// <summary>The version of the text.</summary>
    public const string Version = "storybook-v1";

    private const long TrainStories = 50_000;
    private const long FirstValidStory = 1_000_000;
    private const long ValidStories = 1_250;

    /// <summary>The corpus; its hash and sizes are recorded here and held to the text by a test.</summary>
    public static CorpusText Text { get; } = new(
        Name, "82766205f6795e2f4b16616644ad509fbfbfbb38b6020f83b6c321798ce3d4a0",
        new StorybookSource(0, TrainStories),
        new CorpusPart(TrainStories, 48_252_214, "aee68bedd565e99c6513a569322ea5f2582bc61bd669a148555cd66c616a0165"),
        new StorybookSource(FirstValidStory, ValidStories),
        new CorpusPart(ValidStories, 1_203_789, "c9439286bdfeb4a884b47acecfd5f6fe810922134d67a190673e735df1d7a7bc"))
    {
        IsBuiltIn = true,
    };
}
