using System.Text.Json.Nodes;
using TuneGrid.Training.Model;

namespace TuneGrid.Training.Tests.Model;

public sealed class OptionsJsonTests
{
    [Fact]
    public void A_file_from_before_short_convolutions_goes_without_them()
    {
        Assert.True(new TrainingOptions().Canon > 0);
        var old = JsonNode.Parse(OptionsJson.Write(new()))!.AsObject();
        old.Remove("canon");
        Assert.Equal(0, OptionsJson.Read(old.ToJsonString()).Canon);
    }

    [Fact]
    public void What_is_written_reads_back()
    {
        var options = new TrainingOptions { Canon = 2, Width = 64, Dropout = 0.1 };
        Assert.Equal(OptionsJson.Write(options), OptionsJson.Write(OptionsJson.Read(OptionsJson.Write(options))));
    }
}
