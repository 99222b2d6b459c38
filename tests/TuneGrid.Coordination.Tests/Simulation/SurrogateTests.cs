using System.Globalization;
using System.IO.Compression;
using TuneGrid.Search.Space;
using TuneGrid.Simulation.Surrogates;
using TuneGrid.Simulation.Tables;

namespace TuneGrid.Coordination.Tests.Simulation;

public class SurrogateTests
{
    private const string Space = """
        { "parameters": [
            { "name": "DEPTH", "type": "int", "low": 4, "high": 6, "log": false },
            { "name": "ASPECT_RATIO", "type": "int", "low": 32, "high": 64, "log": false },
            { "name": "HEAD_DIM", "type": "int", "low": 64, "high": 128, "log": true, "power_of_two": true },
            { "name": "DEVICE_BATCH_SIZE", "type": "int", "low": 32, "high": 64, "log": true, "power_of_two": true },
            { "name": "TOTAL_BATCH_SIZE", "type": "int", "low": 65536, "high": 131072, "log": true, "power_of_two": true },
            { "name": "MATRIX_LR", "type": "float", "low": 0.005, "high": 0.2, "log": true },
            { "name": "WEIGHT_DECAY", "type": "float", "low": 0.0, "high": 0.5, "log": false },
            { "name": "WINDOW_PATTERN", "type": "categorical", "choices": ["SSSS", "SSSL"] } ],
          "default": { "DEPTH": 4, "ASPECT_RATIO": 64, "HEAD_DIM": 64, "DEVICE_BATCH_SIZE": 32, "TOTAL_BATCH_SIZE": 65536,
            "MATRIX_LR": 0.04, "WEIGHT_DECAY": 0.2, "WINDOW_PATTERN": "SSSL" },
          "features": ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16"],
          "failed_seconds_by_depth": [14.5, 15.5, 16.5],
          "noise": [{ "below": 9.0, "sd": 0.001 }] }
        """;

    /// <summary>Depth 6 fails; 0.9 below a weight decay of 0.25, 1.1 above.</summary>
    private const string Values = "tree,feature,threshold,left,right,value\n0,6,0.25,1,2,\n0,-1,,,,900000\n0,-1,,,,1100000\n";
    private const string Failures = "tree,feature,threshold,left,right,value\n0,0,5.0,1,2,\n0,-1,,,,0\n0,-1,,,,1000000\n";

    private static readonly ReplayOptions One =
        new(SamplerType.Random, SchedulerType.Random, 1, 30, 1) { Rungs = 1 };

    [Fact]
    public void A_failure_costs_what_failures_at_its_depth_took()
    {
        var benchmark = Small();
        var known = benchmark.Space.Default;

        Assert.Equal(new SurrogateResult(false, 0.9, 300), benchmark.Train(known));
        Assert.Equal(1.1, benchmark.Train(known.With("WEIGHT_DECAY", ParameterValue.Of(0.3))).Score);
        Assert.Equal(new SurrogateResult(true, double.NaN, 16.5), benchmark.Train(known.With("DEPTH", ParameterValue.Of(6L))));
    }

    [Fact]
    public void A_search_charges_failures_and_notes_the_best_at_each_milestone()
    {
        var report = SurrogateSearch.Run(Small(), new(60), One);

        Assert.Equal(60, report.Trials);
        Assert.InRange(report.Failed, 5, 35);
        Assert.Equal(((60 - report.Failed) * 300) + (report.Failed * 16.5), report.DeviceSeconds, 6);
        Assert.Equal([(50, (double?)0.9), (60, 0.9)], report.Best);
    }

    [Fact]
    public void By_seconds_a_milestone_is_so_many_whole_trainings()
    {
        var report = SurrogateSearch.Run(Small(), new(60, BySeconds: true), One);

        Assert.True(report.Trials > 60, "failures left time for more");
        Assert.True(report.DeviceSeconds <= 60 * 300);
    }

    [Fact]
    public void The_known_default_is_tried_first_where_it_should_be()
    {
        var report = SurrogateSearch.Run(Small(), new(1, DefaultFirst: true), One);

        Assert.Equal([(1, (double?)0.9)], report.Best);
    }

    [Theory]
    [InlineData("")]
    [InlineData("tree,feature\n")]
    [InlineData("tree,feature,threshold,left,right,value\n")]
    [InlineData("tree,feature,threshold,left,right,value\n0,6,0.25,0,2,\n0,-1,,,,1\n0,-1,,,,1\n")]
    [InlineData("tree,feature,threshold,left,right,value\n0,6,0.25,1,9,\n0,-1,,,,1\n0,-1,,,,1\n")]
    [InlineData("tree,feature,threshold,left,right,value\n0,99,0.25,1,2,\n0,-1,,,,1\n0,-1,,,,1\n")]
    [InlineData("tree,feature,threshold,left,right,value\n0,6,x,1,2,\n0,-1,,,,1\n0,-1,,,,1\n")]
    public void What_is_no_forest_is_refused(string text) =>
        Assert.Throws<TableFormatException>(() => SurrogateForest.Read("forest", new StringReader(text), 16));

    [Theory]
    [InlineData("{}")]
    [InlineData("[")]
    [InlineData("{ \"parameters\": [ { \"name\": \"a\", \"type\": \"strange\", \"low\": 1, \"high\": 2, \"log\": false } ] }")]
    public void What_is_no_space_is_refused(string json) =>
        Assert.Throws<TableFormatException>(() => SurrogateSpace.Read("space", json));

    [RecordingsFact]
    public void It_answers_bit_for_bit_as_its_reference_does()
    {
        var space = SurrogateSpace.Read("space", File.ReadAllText(RecordingsFactAttribute.File("gpt5min_space.json")));
        var benchmark = new SurrogateBenchmark(space, Forest("value", space), Forest("failure", space));
        var lines = File.ReadAllLines(RecordingsFactAttribute.File("gpt5min_check.csv"));
        var names = lines[0].Split(',');
        foreach (var cells in lines.Skip(1).Select(l => l.Split(',')))
        {
            string Cell(string name) => cells[Array.IndexOf(names, name)];
            double Number(string name) => double.Parse(Cell(name), CultureInfo.InvariantCulture);
            var configuration = space.Parameters.Aggregate(Configuration.Empty, (all, p) => all.With(p.Name, p switch
            {
                IntParameter => ParameterValue.Of(long.Parse(Cell(p.Name), CultureInfo.InvariantCulture)),
                FloatParameter => ParameterValue.Of(Number(p.Name)),
                _ => ParameterValue.Of(Cell(p.Name)),
            }));
            Assert.Equal(new(Cell("failed") == "1", Number("val_bpb"), Number("seconds")), benchmark.Train(configuration));
            Assert.Equal(Number("val_bpb_repeat_1"), benchmark.Train(configuration, 1).Score);
        }
        Assert.Equal(301, lines.Length);
    }

    private static SurrogateForest Forest(string name, SurrogateSpace space)
    {
        using var text = new StreamReader(new GZipStream(
            File.OpenRead(RecordingsFactAttribute.File($"gpt5min_{name}.csv.gz")), CompressionMode.Decompress));
        return SurrogateForest.Read(name, text, space.Features);
    }

    private static SurrogateBenchmark Small()
    {
        var space = SurrogateSpace.Read("space", Space);
        return new(space, Read(Values), Read(Failures));

        SurrogateForest Read(string text) => SurrogateForest.Read("forest", new StringReader(text), space.Features);
    }
}
