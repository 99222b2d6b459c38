using System.Text;
using System.Text.RegularExpressions;
using FsCheck.Xunit;
using TuneGrid.Training.Tokenization;

namespace TuneGrid.Training.Tests.Tokenization;

public class WordScannerTests
{
    /// <summary>GPT-2's pattern with bytes as Latin-1 characters; the scanner must agree with it wherever no word is over-long.</summary>
    private static readonly Regex Pattern = new(
        "'(?:[sdmt]|ll|ve|re)| ?[A-Za-z\x80-\xFF]+| ?[0-9]+| ?[^\t-\r A-Za-z0-9\x80-\xFF]+|[\t-\r ]+(?![^\t-\r ])|[\t-\r ]+",
        RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(10));

    [Property(MaxTest = 500)]
    public void Any_bytes_are_cut_as_the_pattern_cuts_them(byte[] text) => AgreesWithPattern(text);

    [Property(MaxTest = 1000)]
    public void Words_spaces_and_quotes_are_cut_as_the_pattern_cuts_them(byte[] picks)
    {
        const string Alphabet = "  \n\t'''sdmtlvre.!?\"aZ09\xE9";
        AgreesWithPattern(Encoding.Latin1.GetBytes([.. picks.Select(pick => Alphabet[pick % Alphabet.Length])]));
    }

    [Theory]
    [InlineData("I'll say: don't!  They've 42 apples.\n\nEnd ", "I|'ll| say|:| don|'t|!| | They|'ve| 42| apples|.|\n|\n|End| ")]
    [InlineData("   x", "  | x")]
    [InlineData("'", "'")]
    [InlineData("caf\u00e9 'sun", "caf\u00e9| '|sun")]
    public void Text_is_cut_into_words(string text, string words) =>
        Assert.Equal(words.Split('|'), Words(Encoding.UTF8.GetBytes(text)).Select(Encoding.UTF8.GetString));

    [Fact]
    public void An_endless_word_is_cut()
    {
        var words = Words(Encoding.ASCII.GetBytes(new string('a', 1000))).ToArray();
        Assert.All(words, word => Assert.InRange(word.Length, 1, WordScanner.LongestWord));
        Assert.Equal(1000, words.Sum(word => word.Length));
    }

    private static void AgreesWithPattern(byte[] text) =>
        Assert.Equal(
            Pattern.Matches(Encoding.Latin1.GetString(text)).Select(match => match.Value), Words(text).Select(Encoding.Latin1.GetString));

    private static IEnumerable<byte[]> Words(byte[] text)
    {
        for (var start = 0; start < text.Length;)
        {
            var length = WordScanner.NextWord(text.AsSpan(start));
            yield return text[start..(start + length)];
            start += length;
        }
    }
}
