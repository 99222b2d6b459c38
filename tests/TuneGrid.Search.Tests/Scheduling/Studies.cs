using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Tests.Scheduling;

/// <summary>Spaces and schedulers for tests that care about nothing but the scheduler.</summary>
internal static class Studies
{
    public static IScheduler Started(SchedulerType type, int trials, int rungs)
    {
        var scheduler = Schedulers.Create(Space(type, trials, rungs));
        for (var i = 0; i < trials; i++)
            scheduler.Proposed(new(i), 0);
        return scheduler;
    }

    public static SearchSpace Space(SchedulerType type, int trials, int rungs) => new(
        Name: "s",
        Corpus: "c",
        Objective: new("bits_per_byte", Goal.Minimize),
        Budget: new(BudgetKind.Steps, 81),
        Scheduler: new(type, 3, rungs),
        Sampler: new(SamplerType.Random),
        Trials: trials,
        Seed: 0,
        Parameters: [],
        Fixed: Configuration.Empty,
        Constraints: []);
}
