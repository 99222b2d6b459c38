using System.Text;
using TuneGrid.Training.Corpora;

namespace TuneGrid.Training.Tests.Corpora;

public class HeldOutSourceTests
{
    [Fact]
    public void About_three_percent_are_held_out_and_duplicates_stay_together()
    {
        var all = new MemorySource(Enumerable.Range(0, 4000).Select(i => $"story {i % 2000}"));
        var (train, valid) = Split(all);
        Assert.Equal(4000, train.Length + valid.Length);
        Assert.InRange(valid.Length, 60, 200);
        Assert.Empty(train.Intersect(valid, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(10)]
    public void Of_a_few_documents_one_is_held_out(int documents)
    {
        var (train, valid) = Split(new MemorySource(Enumerable.Range(0, documents).Select(i => $"few {i}")));
        Assert.Single(valid);
        Assert.Equal(documents - 1, train.Length);
    }

    [Fact]
    public void One_story_told_twice_cannot_be_split() =>
        Assert.Throws<CorpusException>(() => HeldOutSource.ChooseThreshold(new MemorySource(["same", "same"])));

    private static (string[] Train, string[] Valid) Split(IDocumentSource all)
    {
        var threshold = HeldOutSource.ChooseThreshold(all);
        return (Texts(new HeldOutSource(all, threshold, heldOut: false)), Texts(new HeldOutSource(all, threshold, heldOut: true)));
    }

    private static string[] Texts(IDocumentSource source) => [.. source.Read().Select(document => Encoding.UTF8.GetString(document.Span))];
}
