using TuneGrid.Search.Sampling;
using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;

namespace TuneGrid.Coordination.Studies;

/// <summary>A search space made ready to decide with.</summary>
/// <param name="CreateScheduler">Returns a fresh scheduler; each hardware class gets its own.</param>
/// <param name="Sampler">Proposes the next configuration of a class.</param>
public sealed record SearchPlan(SearchSpace Space, Func<IScheduler> CreateScheduler, ISampler Sampler)
{
    /// <summary>Returns the bytes that training a configuration takes with so many threads; by default nothing is known of it.</summary>
    public Func<Configuration, int, long> MemoryBytes { get; init; } = (_, _) => 0;
}

/// <summary>Returns the plan of the space recorded in a study's first event.</summary>
/// <param name="spaceJson">The space as it was recorded: validated, overrides applied.</param>
/// <exception cref="ArgumentException">The text is no search space this release can run.</exception>
public delegate SearchPlan SearchPlanner(string spaceJson);
