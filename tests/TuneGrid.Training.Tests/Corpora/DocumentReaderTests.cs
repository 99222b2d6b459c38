using System.Text;
using System.Text.Unicode;
using FsCheck.Xunit;
using TuneGrid.Training.Corpora;
using TuneGrid.Training.Tokenization;

namespace TuneGrid.Training.Tests.Corpora;

public class DocumentReaderTests
{
    [Theory]
    [InlineData("One.\n<|endoftext|>\nTwo.\n<|endoftext|>\n", "One.|Two.")]
    [InlineData("One.<|endoftext|>Two.", "One.|Two.")]
    [InlineData("\n <|endoftext|>\r\n A b \t<|endoftext|><|endoftext|>", "A b")]
    [InlineData("\uFEFFOne.\n<|endoftext|>", "One.")]
    public void Stories_are_cut_at_separators(string text, string documents) => Assert.Equal(documents.Split('|'), Read(text));

    [Fact]
    public void Plain_text_is_cut_at_blank_lines_into_one_to_two_kilobytes()
    {
        var paragraphs = Enumerable.Range(0, 100).Select(i => $"Paragraph {i}. " + new string('x', 40 + i * 3)).ToArray();
        var documents = Read(string.Join("\n\n", paragraphs)).ToArray();
        Assert.Equal(paragraphs, documents.SelectMany(document => document.Split("\n\n")));
        Assert.All(documents[..^1], document => Assert.InRange(document.Length, 1000, 2000));
    }

    [Fact]
    public void Plain_text_without_blank_lines_is_cut_between_words()
    {
        var text = string.Join(' ', Enumerable.Range(0, 5000).Select(i => $"word{i}"));
        var documents = Read(text).ToArray();
        Assert.Equal(text, string.Join(' ', documents));
        Assert.All(documents, document => Assert.InRange(document.Length, 1, DocumentCutter.MostPlainBytes));
    }

    [Fact]
    public void Plain_text_without_any_space_is_cut_between_characters()
    {
        var text = string.Concat(Enumerable.Repeat("\u00e9\u4e2d\U0001F98A", 3000));
        Assert.Equal(text, string.Concat(DocumentReader.Read(Encoding.UTF8.GetBytes(text)).Select(document => Strict(document.Span))));
    }

    [Fact]
    public void Blocks_do_not_move_cuts()
    {
        var stories = Enumerable.Range(0, 60_000).Select(i => $"Story {i} z" + new string('z', i % 300)).ToArray();
        var bytes = Encoding.UTF8.GetBytes(string.Join("\n<|endoftext|>\n", stories));
        Assert.True(bytes.Length > 9 << 20);
        Assert.Equal(stories, DocumentReader.Read(new MemoryStream(bytes), DocumentLayout.Stories)
            .Select(document => Encoding.UTF8.GetString(document.Span)));
    }

    [Property(MaxTest = 3000)]
    public void Any_bytes_are_read_or_refused_with_a_message(byte[] text)
    {
        try
        {
            TextFile.Examine(new MemoryStream(text), "the text");
            Assert.True(Utf8.IsValid(text));
        }
        catch (CorpusException e)
        {
            Assert.StartsWith("the text ", e.Message, StringComparison.Ordinal);
        }
        Assert.All(DocumentReader.Read(text), document => Assert.False(document.IsEmpty));
    }

    [Property(MaxTest = 2000)]
    public void Any_text_loses_only_white_space_and_separators(byte[] picks)
    {
        string[] pieces =
        [
            "<|endoftext|>", "<|endof", "text|>", "\n", "\n\n", " ", "a", "B.", "\u00e9", "\U0001F98A", new string('q', 700), "word ",
        ];
        var text = string.Concat(picks.Select(pick => pieces[pick % pieces.Length]));
        Assert.Equal(Squeeze(text.Replace("<|endoftext|>", "", StringComparison.Ordinal)), Squeeze(string.Concat(Read(text))));
    }

    [Fact]
    public void Texts_become_tokens_with_their_starts_and_bytes()
    {
        var sequence = DocumentReader.EncodeText("abc<|endoftext|>\u00e9"u8.ToArray(), Tokenizer.Train([], 257));
        Assert.Equal([0, 4], sequence.DocumentStarts);
        Assert.Equal([98, 99, 100, 0, 0xC3 + 1, 0xA9 + 1, 0], sequence.Tokens.Select(token => (int)token));
        Assert.Equal(4 + 3, sequence.Bytes);
    }

    private static IEnumerable<string> Read(string text) =>
        DocumentReader.Read(Encoding.UTF8.GetBytes(text)).Select(document => Strict(document.Span));

    private static string Strict(ReadOnlySpan<byte> text) => new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(text);

    private static string Squeeze(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
}
