using TuneGrid.Coordination.Studies;
using TuneGrid.Search.Reading;
using TuneGrid.Search.Sampling;
using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;

namespace TuneGrid.Silo.Segments;

/// <summary>Makes the space that a ledger recorded ready to decide with.</summary>
public static class SpacePlanner
{
    /// <exception cref="ArgumentException">The text is no search space this release can run.</exception>
    public static SearchPlan Read(string spaceJson)
    {
        var reading = SearchSpaceReader.Read(spaceJson, "ledger", TrainingParameterCatalog.Instance, []);
        if (reading.Space is not { } space)
        {
            throw new ArgumentException(
                $"the recorded search space can't be run: {string.Join("; ", reading.Problems.Select(p => $"{p.Pointer} {p.Message}"))}",
                nameof(spaceJson));
        }
        return new(space, () => Schedulers.Create(space), Samplers.Create(space, TrainingParameterCatalog.Instance));
    }
}
