using System.Text;
using FsCheck.Xunit;
using TuneGrid.Training.Corpora.Storybook;
using TuneGrid.Training.Tokenization;

namespace TuneGrid.Training.Tests.Tokenization;

public class TokenizerTests
{
    private static readonly Tokenizer Stories = Tokenizer.Train(StorybookCorpus.Text.Valid.Read().Take(300), 700);

    [Property(MaxTest = 300)]
    public void Every_byte_sequence_comes_back(byte[] text) => Assert.Equal(text, Stories.Decode(Encode(Stories, text)));

    [Property(MaxTest = 200)]
    public void A_tokenizer_of_any_bytes_brings_any_bytes_back(byte[] learned, byte[] text)
    {
        var tokenizer = Tokenizer.Train([learned], 300);
        Assert.Equal(text, tokenizer.Decode(Encode(tokenizer, text)));
        Assert.Equal(learned, tokenizer.Decode(Encode(tokenizer, learned)));
    }

    [Fact]
    public void Stories_come_back_and_shrink()
    {
        foreach (var story in StorybookCorpus.Text.Train.Read().Take(50))
        {
            var tokens = Encode(Stories, story.Span);
            Assert.Equal(story.ToArray(), Stories.Decode(tokens));
            Assert.True(tokens.Length * 2 < story.Length);
        }
    }

    [Fact]
    public void A_document_encoder_makes_the_same_tokens()
    {
        var encoder = new DocumentEncoder(Stories);
        foreach (var story in StorybookCorpus.Text.Train.Read().Take(50))
        {
            var tokens = new List<ushort>();
            encoder.Encode(story.Span, tokens);
            Assert.Equal(Encode(Stories, story.Span), tokens);
        }
    }

    [Fact]
    public void Merges_are_those_of_the_paper()
    {
        // low x5, lower x2, newest x6, widest x3: the example of arXiv:1508.07909, section 3.2, whose first merges are e+s, es+t and then
        // l+o, lo+w. Words here carry their space and have no end mark, so the counts of the others differ.
        var text = string.Concat(Enumerable.Repeat(" low", 5)) + " lower lower"
            + string.Concat(Enumerable.Repeat(" newest", 6)) + string.Concat(Enumerable.Repeat(" widest", 3));
        var tokenizer = Tokenizer.Train([Encoding.ASCII.GetBytes(text)], Tokenizer.SmallestVocabulary + 2);
        Assert.Equal("es", Encoding.ASCII.GetString(tokenizer.BytesOf(257)));
        Assert.Equal("est", Encoding.ASCII.GetString(tokenizer.BytesOf(258)));
    }

    [Fact]
    public void Training_agrees_with_counting_from_scratch()
    {
        var documents = StorybookCorpus.Text.Valid.Read().Take(20).ToArray();
        var tokenizer = Tokenizer.Train(documents, 330);
        var words = documents.SelectMany(document => Words(document.ToArray())).ToList();
        for (var token = Tokenizer.FirstMerge; token < 330; token++)
        {
            var counts = new Dictionary<(int, int), int>();
            foreach (var word in words)
            {
                for (var i = 0; i + 1 < word.Count; i++)
                    counts[(word[i], word[i + 1])] = counts.GetValueOrDefault((word[i], word[i + 1])) + 1;
            }
            var (left, right) = counts.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key).First().Key;
            Assert.Equal([.. tokenizer.BytesOf(left), .. tokenizer.BytesOf(right)], tokenizer.BytesOf(token).ToArray());
            foreach (var word in words)
            {
                for (var i = 0; i + 1 < word.Count; i++)
                {
                    if ((word[i], word[i + 1]) != (left, right))
                        continue;
                    word[i] = token;
                    word.RemoveAt(i + 1);
                }
            }
        }
    }

    [Fact]
    public void A_small_text_keeps_the_vocabulary_asked_for()
    {
        var tokenizer = Tokenizer.Train(["ab ab"u8.ToArray()], 2048);
        Assert.Equal(2048, tokenizer.VocabularySize);
        Assert.True(tokenizer.BytesOf(2047).IsEmpty);
        Assert.Equal("ab ab"u8.ToArray(), tokenizer.Decode(Encode(tokenizer, "ab ab"u8)));
    }

    [Theory]
    [InlineData(256)]
    [InlineData(65_537)]
    public void A_vocabulary_has_257_to_65536_tokens(int vocabulary) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Tokenizer.Train([], vocabulary));

    [Fact]
    public void The_json_brings_the_tokenizer_back()
    {
        var back = Tokenizer.FromJson(Stories.ToJson());
        Assert.Equal(Stories.Hash, back.Hash);
        Assert.Equal(Encode(Stories, "Once upon a time"u8), Encode(back, "Once upon a time"u8));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"format":"byte-pairs-v9","vocabulary":300,"merges":[],"hash":""}""")]
    [InlineData("""{"format":"byte-pairs-v1","vocabulary":1e99,"merges":[],"hash":""}""")]
    [InlineData("""{"format":"byte-pairs-v1","vocabulary":3,"merges":[],"hash":""}""")]
    [InlineData("""{"format":"byte-pairs-v1","vocabulary":300,"merges":[1],"hash":""}""")]
    [InlineData("""{"format":"byte-pairs-v1","vocabulary":300,"merges":[1,70000],"hash":""}""")]
    [InlineData("""{"format":"byte-pairs-v1","vocabulary":300,"merges":[0,1],"hash":""}""")]
    [InlineData("""{"format":"byte-pairs-v1","vocabulary":300,"merges":[1,257],"hash":""}""")]
    [InlineData("""{"format":"byte-pairs-v1","vocabulary":300,"merges":[1,2,1,2],"hash":""}""")]
    [InlineData("""{"format":"byte-pairs-v1","vocabulary":257,"merges":[1,2],"hash":""}""")]
    [InlineData("""{"format":"byte-pairs-v1","vocabulary":300,"merges":[1,2],"hash":"00"}""")]
    [InlineData("""{"format":"byte-pairs-v1","vocabulary":300,"merges":[1,2],"hash":7}""")]
    public void Hostile_json_is_refused(string json) => Assert.Throws<FormatException>(() => Tokenizer.FromJson(json));

    [Fact]
    public void Tokens_that_double_for_ever_are_refused()
    {
        var merges = string.Join(',', Enumerable.Range(0, 40).Select(i => i == 0 ? "1,1" : $"{256 + i},{256 + i}"));
        var json = $$"""{"format":"byte-pairs-v1","vocabulary":300,"merges":[{{merges}}],"hash":""}""";
        Assert.Throws<FormatException>(() => Tokenizer.FromJson(json));
    }

    private static ushort[] Encode(Tokenizer tokenizer, ReadOnlySpan<byte> text)
    {
        var tokens = new List<ushort>();
        tokenizer.Encode(text, tokens);
        return [.. tokens];
    }

    private static IEnumerable<List<int>> Words(byte[] text)
    {
        for (var start = 0; start < text.Length;)
        {
            var length = WordScanner.NextWord(text.AsSpan(start));
            yield return [.. text[start..(start + length)].Select(b => b + 1)];
            start += length;
        }
    }
}
