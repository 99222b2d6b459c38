using TuneGrid.Search.Reading;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Tests.Reading;

/// <summary>Configurations that people name: start points of a space, and what is added to a study.</summary>
public class StartTests
{
    private const string Space = """
        {
          "budget": { "steps": 81 }, "trials": 9,
          "parameters": {
            "width": { "type": "int", "min": 64, "max": 384, "step": 32 },
            "optimizer": { "type": "choice", "values": ["muon", "adamw"] },
            "beta2": { "type": "float", "min": 0.9, "max": 0.99, "when": { "optimizer": "adamw" } }
          },
          "fixed": { "depth": 4 },
          "constraints": ["parameters < 5e6"],
          "start": [START]
        }
        """;

    private static string With(string start) => Space.Replace("START", start, StringComparison.Ordinal);

    [Fact]
    public void Defaults_stand_where_nothing_is_given_and_only_what_exists_has_a_value()
    {
        var space = SpaceFiles.Valid(With("""  "defaults", { "optimizer": "adamw", "width": 192 } """), "control=true");
        Assert.Equal(["width=256, optimizer=muon, depth=4", "width=192, optimizer=adamw, beta2=0.95, depth=4"],
            space.StartPoints.Select(p => p.Configuration.ToString()));
        Assert.Equal([true, false], space.StartPoints.Select(p => p.IsDefaults));
        Assert.True(space.Control);
    }

    [Fact]
    public void A_recorded_space_keeps_what_the_defaults_were()
    {
        var written = SpaceFiles.Read(With(""" "defaults", { "width": 192 } """), "control=true", "stop.after=90m").Json;
        var again = SpaceFiles.Read(written.Replace("\"width\": 256", "\"width\": 224", StringComparison.Ordinal));
        Assert.Equal("width=224, optimizer=muon, depth=4", again.Space!.StartPoints[0].Configuration.ToString());
        Assert.True(again.Space.StartPoints[0].IsDefaults);
        Assert.Equal(written, SpaceFiles.Read(written).Json);
        Assert.Equal(TimeSpan.FromMinutes(90), SpaceFiles.Read(written).Space!.StopAfter);
    }

    [Theory]
    [InlineData("{ \"width\": 200 }", "f.json:10:15: /start/0/width: width 200 is not in this space: "
        + "expected from 64 to 384 in steps of 32; the nearest is 192")]
    [InlineData("{ \"wdith\": 64 }", "f.json:10:15: /start/0/wdith: the parameter 'wdith' is unknown: "
        + "expected one of width, optimizer, beta2 (did you mean 'width'?)")]
    [InlineData("{ \"canon\": 4 }", "f.json:10:15: /start/0/canon: the parameter 'canon' is not searched in this space: "
        + "expected one of width, optimizer, beta2")]
    [InlineData("{ \"depth\": 5 }", "f.json:10:15: /start/0/depth: 'depth' is 4 in every trial of this space, not 5")]
    [InlineData("{ \"beta2\": 0.95 }", "f.json:10:15: /start/0/beta2: 'beta2' exists only while optimizer is adamw: leave it out")]
    [InlineData("{ \"optimizer\": \"normuon\" }", "f.json:10:15: /start/0/optimizer: optimizer normuon is not in this space: "
        + "expected one of muon, adamw")]
    [InlineData("{ \"width\": 384 }", "f.json:10:13: /start/0: no trial can have width=384, optimizer=muon, depth=4: it does not meet "
        + "'parameters < 5e6'")]
    [InlineData("\"default\"", "f.json:10:13: /start/0: expected \"defaults\" or an object such as { \"width\": 192 }, not \"default\" "
        + "(did you mean 'defaults'?)")]
    [InlineData("\"defaults\", {}", "f.json:10:25: /start/1: it is the same as start point 1: width=256, optimizer=muon, depth=4")]
    public void What_is_not_in_the_space_is_refused_with_the_nearest_that_is(string start, string expected) =>
        Assert.Equal([expected], SpaceFiles.Problems(With(start)));

    [Fact]
    public void A_default_outside_the_space_is_refused() => Assert.Equal(
        ["--set start=[\"defaults\"]:1:8: /start/0: the trainer's default width 256 is not in this space: expected from 64 to 128; "
            + "the nearest is 128"],
        SpaceFiles.Problems(With(""), "parameters.width={\"type\":\"int\",\"min\":64,\"max\":128}", "start=[\"defaults\"]"));

    [Theory]
    [InlineData("", "trials=1", "start=[\"defaults\",{\"width\":64}]",
        "2 start points are only 1 trials: expected each to be one of the trials")]
    [InlineData("", "control=true", "seed=1", "a control is the first start point: expected for example \"start\": [\"defaults\"]")]
    [InlineData("", "control=1", "seed=1", "expected true or false, not 1")]
    [InlineData("", "start=defaults", "seed=1",
        "expected an array of start points such as [\"defaults\", { \"width\": 192 }], not \"defaults\"")]
    [InlineData("", "stop.after=soon", "seed=1",
        "expected a length of time such as 90s, 10m, 2h or 1h30m, at least a second, not \"soon\"")]
    [InlineData("", "stop.after=2", "seed=1", "expected a length of time such as 90s, 10m, 2h or 1h30m, not 2")]
    [InlineData("", "stop.later=2h", "stop.after=2h", "unknown key 'later': expected one of after")]
    public void Their_frame_is_checked_too(string start, string set, string also, string expected) =>
        Assert.Contains(SpaceFiles.Read(With(start), set, also).Problems, p => p.Message == expected);

    [Fact]
    public void A_configuration_is_read_from_a_command_line()
    {
        var space = SpaceFiles.Valid(With(""));
        Assert.Equal("width=256, optimizer=muon, depth=4", Read(space, "defaults"));
        Assert.Equal("width=64, optimizer=adamw, beta2=0.97, depth=4", Read(space, "beta2=0.97", "optimizer=adamw", "width=64", "depth=4"));
        Assert.Equal("wdith=64: the parameter 'wdith' is unknown: expected one of width, optimizer, beta2", Read(space, "wdith=64"));
        Assert.Equal("width=wide: expected a whole number from 1 to 4096, not \"wide\"", Read(space, "width=wide"));
        Assert.Equal("width: expected NAME=VALUE, for example width=192", Read(space, "width"));
        Assert.Equal("width=64: 'width' is given twice: expected it once", Read(space, "width=96", "width=64"));
    }

    [Theory]
    [InlineData("90s", "1m30s", 90)]
    [InlineData("10m", "10m", 600)]
    [InlineData("1h30m", "1h30m", 5400)]
    [InlineData("1.5h", "1h30m", 5400)]
    [InlineData("2d", "2d", 172800)]
    [InlineData("1d1s", "1d1s", 86401)]
    [InlineData("", null, 0)]
    [InlineData("0s", null, 0)]
    [InlineData("5", null, 0)]
    [InlineData("h", null, 0)]
    [InlineData("-1h", null, 0)]
    [InlineData("30m1h", null, 0)]
    [InlineData("1h1h", null, 0)]
    [InlineData("2 h", null, 0)]
    [InlineData("1.2.3s", null, 0)]
    [InlineData("9999999d", null, 0)]
    [InlineData("1e3s", null, 0)]
    public void Lengths_of_time_read_back_as_they_are_written(string text, string? written, int seconds)
    {
        var length = Durations.Parse(text);
        Assert.Equal(written is null ? null : TimeSpan.FromSeconds(seconds), length);
        if (length is { } known)
            Assert.Equal((written, length), (Durations.Text(known), Durations.Parse(Durations.Text(known))));
    }

    private static string Read(SearchSpace space, params string[] assignments)
    {
        var reading = ConfigurationReader.Read(space, FakeCatalog.Instance, assignments);
        return reading.Configuration?.ToString() ?? string.Join("; ", reading.Problems.Select(p => $"{p.File}: {p.Message}"));
    }
}
