using TuneGrid.Cli.Input;

namespace TuneGrid.Cli.Tests.Input;

public sealed class NearestTests
{
    [Theory]
    [InlineData("serch", "search")]
    [InlineData("star", "start-silo")]
    [InlineData("tarin", "train")]
    [InlineData("quux", null)]
    public void A_slip_finds_its_word(string word, string? expected) =>
        Assert.Equal(expected, Nearest.Of(word, ["search", "start-silo", "train", "best"]));
}
