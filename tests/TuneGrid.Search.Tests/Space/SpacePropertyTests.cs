using FsCheck.Xunit;
using TuneGrid.Search.Sampling;
using TuneGrid.Search.Tests.Reading;
using TuneGrid.Search.Tests.Sampling;

namespace TuneGrid.Search.Tests.Space;

/// <summary>What holds for every valid space.</summary>
public class SpacePropertyTests
{
    [Property(MaxTest = 200)]
    public void Every_draw_is_in_range_on_step_feasible_and_the_same_again(ulong seed)
    {
        var space = SpaceFiles.Valid(ArbitrarySpace.Json(seed));
        var (once, again) = (Samplers.Create(space, FakeCatalog.Instance), Samplers.Create(space, FakeCatalog.Instance));
        var later = again.Sample(19);
        for (var trial = 0; trial < 20; trial++)
        {
            var configuration = once.Sample(trial);
            SampleCheck.Holds(space, configuration);
            Assert.Equal(configuration, again.Sample(trial));
        }
        Assert.Equal(later, once.Sample(19));
    }

    [Property(MaxTest = 200)]
    public void The_recorded_file_reads_back_to_the_same_space(ulong seed)
    {
        var reading = SpaceFiles.Read(ArbitrarySpace.Json(seed));
        var again = SpaceFiles.Read(reading.Json);

        Assert.Empty(again.Problems);
        Assert.Equal(reading.Json, again.Json);
        var (first, second) = (Samplers.Create(reading.Space!, FakeCatalog.Instance), Samplers.Create(again.Space!, FakeCatalog.Instance));
        Assert.All(Enumerable.Range(0, 5), trial => Assert.Equal(first.Sample(trial), second.Sample(trial)));
    }
}
