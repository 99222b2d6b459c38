using System.Collections.Concurrent;
using TuneGrid.Coordination.Studies;
using TuneGrid.Search.Reading;
using TuneGrid.Search.Sampling;
using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;

namespace TuneGrid.Silo.Segments;

/// <summary>Makes the space that a ledger recorded ready to decide with.</summary>
public static class SpacePlanner
{
    private const int Remembered = 16;
    private static readonly ConcurrentDictionary<string, SearchPlan> Recent = new();

    /// <summary>Returns the plan of a space. Whoever folds a study anew, or asks about it again, finds what was sampled already.</summary>
    /// <exception cref="ArgumentException">The text is no search space this release can run.</exception>
    public static SearchPlan Read(string spaceJson)
    {
        if (Recent.TryGetValue(spaceJson, out var known))
            return known;
        if (Recent.Count >= Remembered)
            Recent.Clear();
        return Recent.GetOrAdd(spaceJson, Plan);
    }

    private static SearchPlan Plan(string spaceJson)
    {
        var reading = SearchSpaceReader.Read(spaceJson, "ledger", TrainingParameterCatalog.Instance, []);
        if (reading.Space is not { } space)
        {
            throw new ArgumentException(
                $"the recorded search space can't be run: {string.Join("; ", reading.Problems.Select(p => $"{p.Pointer} {p.Message}"))}",
                nameof(spaceJson));
        }
        return new(space, () => Schedulers.Create(space), Samplers.Create(space, TrainingParameterCatalog.Instance))
        {
            MemoryBytes = TrainingParameterCatalog.MemoryBytes,
        };
    }
}
