namespace TuneGrid.Training.Corpora.Storybook;

/// <summary>The stories of consecutive numbers.</summary>
internal sealed class StorybookSource(long firstStory, long stories) : IDocumentSource
{
    private const int PageBytes = 1 << 20;

    public IEnumerable<ReadOnlyMemory<byte>> Read()
    {
        var page = new byte[PageBytes];
        var used = 0;
        for (var story = firstStory; story < firstStory + stories; story++)
        {
            if (page.Length - used < Storyteller.LongestStory)
                (page, used) = (new byte[PageBytes], 0);
            var length = Storyteller.Tell(story, page.AsSpan(used));
            yield return page.AsMemory(used, length);
            used += length;
        }
    }
}
