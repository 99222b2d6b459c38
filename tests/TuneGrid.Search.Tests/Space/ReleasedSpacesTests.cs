using TuneGrid.Search.Sampling;
using TuneGrid.Search.Space;
using TuneGrid.Search.Tests.Reading;
using TuneGrid.Search.Tests.Sampling;

namespace TuneGrid.Search.Tests.Space;

/// <summary>A recorded space of an older release must read as it did.</summary>
public class ReleasedSpacesTests
{
    [Theory]
    [InlineData("gpt.json")]
    [InlineData("quick.json")]
    [InlineData("wide.json")]
    public void Each_is_valid_and_draws_all_its_trials(string name)
    {
        var space = SpaceFiles.Valid(SpaceFiles.Text(name));
        var sampler = Samplers.Create(space, FakeCatalog.Instance);
        Assert.All(Enumerable.Range(0, space.Trials), trial => SampleCheck.Holds(space, sampler.Sample(trial)));
    }

    [Fact]
    public void Gpt_is_read_as_written()
    {
        var space = SpaceFiles.Valid(SpaceFiles.Text("gpt.json"));
        Assert.Equal(("gpt", "auto", 27, 0ul), (space.Name, space.Corpus, space.Trials, space.Seed));
        Assert.Equal(new Budget(BudgetKind.Seconds, 300), space.Budget);
        Assert.Equal(new SchedulerSpec(SchedulerType.Asha, 3, 4), space.Scheduler);
        Assert.Equal(new IntParameter("width", 64, 384, 32, false, null), space.Parameters[0]);
        Assert.Equal(new FloatParameter("learning_rate", 3e-4, 2e-2, null, true, null), space.Parameters[2]);
        Assert.Equal("context=256, vocabulary=2048, bigram_buckets=4096", space.Fixed.ToString());
        Assert.Equal("parameters <= 8e6", Assert.Single(space.Constraints).Text);
    }
}
