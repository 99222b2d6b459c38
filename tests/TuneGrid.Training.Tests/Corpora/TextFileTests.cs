using System.Text;
using TuneGrid.Training.Corpora;

namespace TuneGrid.Training.Tests.Corpora;

public class TextFileTests
{
    [Theory]
    [InlineData("")]
    [InlineData(" \n\t\r\n")]
    [InlineData("\uFEFF\n")]
    public void Empty_texts_are_refused(string text) => Assert.Equal("the text holds no text", Refusal(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void A_wrong_byte_is_named_by_offset_and_line() =>
        Assert.StartsWith(
            "the text is not valid UTF-8 at byte 7, line 3;", Refusal([.. "ab\ncd\ne"u8, 0xFF, .. "fg"u8]), StringComparison.Ordinal);

    [Fact]
    public void A_character_cut_at_the_end_is_named() =>
        Assert.StartsWith("the text is not valid UTF-8 at byte 2, line 1;", Refusal([.. "ab"u8, 0xE4, 0xB8]), StringComparison.Ordinal);

    [Fact]
    public void Utf16_is_recognized() => Assert.Contains("UTF-16", Refusal([0xFF, 0xFE, 65, 0]), StringComparison.Ordinal);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Characters_and_offsets_hold_across_blocks(int shift)
    {
        var text = Encoding.UTF8.GetBytes(new string('a', shift) + string.Concat(Enumerable.Repeat("\U0001F98A\n", 700_000)));
        Assert.Equal(DocumentLayout.Plain, TextFile.Examine(new MemoryStream(text), "the text"));
        text[3_000_000] = 0xFF;
        // A broken character is invalid from its first byte on.
        var first = 3_000_000 - (3_000_000 - shift) % 5 is var start && text[start] >= 0xF0 && start > 3_000_000 - 4 ? start : 3_000_000;
        Assert.Contains($"at byte {first}, line {1 + text.AsSpan(0, first).Count((byte)'\n')};", Refusal(text), StringComparison.Ordinal);
    }

    [Fact]
    public void A_separator_across_blocks_is_seen()
    {
        for (var shift = 1; shift < 14; shift++)
        {
            var text = new string('a', (1 << 20) - shift) + "<|endoftext|>b";
            Assert.Equal(DocumentLayout.Stories, TextFile.Examine(new MemoryStream(Encoding.ASCII.GetBytes(text)), "the text"));
        }
    }

    [Fact]
    public void A_missing_file_is_named() =>
        Assert.Contains(
            "nowhere.txt", Assert.Throws<CorpusException>(() => TextFile.Examine("/nonexistent/nowhere.txt")).Message,
            StringComparison.Ordinal);

    private static string Refusal(byte[] text) =>
        Assert.Throws<CorpusException>(() => TextFile.Examine(new MemoryStream(text), "the text")).Message;
}
