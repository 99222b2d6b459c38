using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using TuneGrid.Training.Corpora;
using TuneGrid.Training.Corpora.Storybook;

namespace TuneGrid.Training.Tests.Corpora;

public class StorybookTests
{
    private static readonly string[] Stories =
    [
        .. StorybookCorpus.Text.Train.Read().Take(2000).Select(story => Encoding.ASCII.GetString(story.Span)),
    ];

    /// <summary>
    /// If this fails, the stories changed: that needs a new version of the storybook, since scores over different texts are never compared.
    /// </summary>
    [Fact]
    public void The_first_megabyte_never_changes()
    {
        var text = StorybookCorpus.Text.Train.Read().SelectMany(story => story.ToArray().Append((byte)'\n')).Take(1_000_000).ToArray();
        Assert.Equal("c25c74de8ddbdec0feaa2852ebfd585cce9c2c866e8d52c6a6730253db1ba0e0", Convert.ToHexStringLower(SHA256.HashData(text)));
    }

    [Fact]
    public void The_recorded_hash_and_sizes_are_those_of_the_text()
    {
        var text = CorpusDigest.Describe(StorybookCorpus.Name, StorybookCorpus.Text.Train, StorybookCorpus.Text.Valid);
        Assert.Equal(
            (StorybookCorpus.Text.Hash, StorybookCorpus.Text.TrainPart, StorybookCorpus.Text.ValidPart),
            (text.Hash, text.TrainPart, text.ValidPart));
    }

    [Fact]
    public void A_story_is_the_same_wherever_reading_begins()
    {
        var page = new byte[Storyteller.LongestStory];
        var length = Storyteller.Tell(1999, page);
        Assert.Equal(Stories[1999], Encoding.ASCII.GetString(page, 0, length));
    }

    [Fact]
    public void No_story_is_told_twice() => Assert.Equal(Stories.Length, Stories.Distinct(StringComparer.Ordinal).Count());

    [Fact]
    [Trait("Category", "Slow")]
    public void No_story_is_told_twice_in_100_megabytes()
    {
        var seen = new HashSet<UInt128>();
        var bytes = 0L;
        foreach (var story in new StorybookSource(0, 130_000).Read())
        {
            Assert.True(seen.Add(
                new UInt128(BitConverter.ToUInt64(SHA256.HashData(story.Span)), BitConverter.ToUInt64(SHA256.HashData(story.Span), 8))));
            bytes += story.Length;
        }
        Assert.True(bytes > 100_000_000);
    }

    [Fact]
    public void Validation_stories_lie_beyond_training_and_within_what_can_be_told()
    {
        Assert.Empty(StorybookCorpus.Text.Valid.Read().Take(1000).Select(story => Encoding.ASCII.GetString(story.Span))
            .Intersect(Stories, StringComparer.Ordinal));
        Assert.True(Storyteller.Stories > 1_010_000);
    }

    [Fact]
    public void There_are_many_plots_and_many_words()
    {
        var words = Stories.SelectMany(story => Regex.Matches(story, "[A-Za-z]+", RegexOptions.None, TimeSpan.FromSeconds(10))
            .Select(match => match.Value.ToLowerInvariant()));
        Assert.True(words.Distinct(StringComparer.Ordinal).Count() > 1500);
        Assert.True(Storyteller.Plots >= 12);
    }

    [Theory]
    [InlineData(@"\b[Aa] [aeio]")] // an apple
    [InlineData(@"\b[Aa]n (?![aeiouAEIOU]|hono|hour)")] // a cup
    [InlineData(@"  | \n|\n |\n\n")] // single spaces, single line ends
    [InlineData(@"[.!?] [a-z]")] // sentences begin with a capital
    [InlineData(@"[a-z] ""[A-Z]")] // quotes follow punctuation
    [InlineData(@"[\[\]{}|]")] // nothing of the patterns is left
    [InlineData(@"[^\x20-\x7E\n]")]
    [InlineData(@"\b([a-z]+) \1\b")] // no word twice in a row
    public void Every_story_is_well_formed(string mistake)
    {
        var pattern = new Regex(mistake, RegexOptions.None, TimeSpan.FromSeconds(10));
        foreach (var story in Stories)
            Assert.False(pattern.Match(story) is { Success: true } match, $"'{pattern.Match(story)}' in: {story}");
    }

    [Fact]
    public void Every_story_ends_and_every_quote_is_closed()
    {
        Assert.All(Stories, story => Assert.Contains(story[^1], ".!?\""));
        Assert.All(Stories, story => Assert.Equal(0, story.Count(c => c == '"') % 2));
        Assert.All(Stories, story => Assert.InRange(story.Length, 300, 2000));
    }

    [Theory]
    [InlineData("[a|b")]
    [InlineData("a]")]
    [InlineData("{nobody}")]
    public void A_wrong_pattern_is_refused(string pattern) =>
        Assert.Throws<FormatException>(() => Template.Parse(pattern, new StoryLexicon()));
}
