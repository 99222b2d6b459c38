using TuneGrid.Search.Space;

namespace TuneGrid.Search.Reading;

/// <summary>The names that samplers and schedulers have in a search space's file, for programs that take them from elsewhere.</summary>
public static class TypeNames
{
    /// <summary>Every sampler's name.</summary>
    public static IReadOnlyList<string> Samplers => RunSection.SamplerTypes.Names;

    /// <summary>Every scheduler's name.</summary>
    public static IReadOnlyList<string> Schedulers => RunSection.SchedulerTypes.Names;

    /// <summary>Returns the sampler of this name, or null.</summary>
    public static SamplerType? Sampler(string name) => Samplers.Contains(name) ? RunSection.SamplerTypes.Find(name) : null;

    /// <summary>Returns the scheduler of this name, or null.</summary>
    public static SchedulerType? Scheduler(string name) => Schedulers.Contains(name) ? RunSection.SchedulerTypes.Find(name) : null;

    /// <summary>Returns a sampler's name.</summary>
    public static string NameOf(SamplerType sampler) => RunSection.NameOf(sampler);

    /// <summary>Returns a scheduler's name.</summary>
    public static string NameOf(SchedulerType scheduler) => RunSection.NameOf(scheduler);
}
