using TuneGrid.Cli.Terminal;

namespace TuneGrid.Cli.Tests.Terminal;

public sealed class TextTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(999, "999")]
    [InlineData(999.7, "1.00k")]
    [InlineData(23_456, "23.5k")]
    [InlineData(999_600, "1.00M")]
    [InlineData(4_560_000, "4.56M")]
    [InlineData(123_000_000, "123M")]
    public void Counts_keep_three_digits(double count, string expected) => Assert.Equal(expected, Text.Count(count));

    [Theory]
    [InlineData(0.44, "0.4 s")]
    [InlineData(12, "12 s")]
    [InlineData(59.6, "1:00")]
    [InlineData(300, "5:00")]
    [InlineData(3723, "1:02:03")]
    [InlineData(double.NaN, "-")]
    public void Durations_are_as_on_a_clock(double seconds, string expected) => Assert.Equal(expected, Text.Duration(seconds));

    [Fact]
    public void A_score_that_is_none_is_a_dash() => Assert.Equal("-", Text.Score(double.NaN));

    [Fact]
    public void Tables_align_and_put_numbers_at_the_right()
    {
        var table = new TextTable("trial", "score");
        table.Add("t0", "1.5000");
        table.Add("t12", "-");
        var writer = new StringWriter();

        table.Write(writer);

        Assert.Equal("TRIAL   SCORE\nt0     1.5000\nt12         -\n", writer.ToString().ReplaceLineEndings("\n"));
    }
}
