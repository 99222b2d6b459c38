using TuneGrid.Search.Space;

namespace TuneGrid.Search.Tests.Reading;

public class FinalistsTests
{
    [Fact]
    public void Nobody_runs_again_unless_the_file_says_so() => Assert.Null(SpaceFiles.Valid(SpaceFiles.Small).Finalists);

    [Theory]
    [InlineData("{}", 2, 2)]
    [InlineData("""{ "count": 3 }""", 3, 2)]
    [InlineData("""{ "count": 5, "repeats": 4 }""", 5, 4)]
    public void They_are_read_and_written_again(string json, int count, int repeats)
    {
        var reading = SpaceFiles.Read(SpaceFiles.Small[..^1] + $", \"finalists\": {json} }}");
        Assert.Equal(new FinalistSpec(count, repeats), reading.Space!.Finalists);
        Assert.Equal(reading.Space.Finalists, SpaceFiles.Valid(reading.Json).Finalists);
    }

    [Fact]
    public void An_override_sets_one_number_and_turns_them_off()
    {
        var json = SpaceFiles.Small[..^1] + """, "finalists": { "count": 2, "repeats": 2 } }""";
        Assert.Equal(new FinalistSpec(3, 2), SpaceFiles.Valid(json, "finalists.count=3").Finalists);
        Assert.Null(SpaceFiles.Valid(json, "finalists=null").Finalists);
    }

    [Fact]
    public void A_number_out_of_range_is_named() => Assert.Equal(
        ["f.json:1:121: /finalists/count: expected a whole number from 1 to 64, not 0"],
        SpaceFiles.Problems(SpaceFiles.Small[..^1] + """, "finalists": { "count": 0 } }"""));
}
