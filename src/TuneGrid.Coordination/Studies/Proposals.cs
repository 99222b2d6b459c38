using TuneGrid.Search.Sampling;
using TuneGrid.Search.Scheduling;

namespace TuneGrid.Coordination.Studies;

/// <summary>
/// What a class tries next: the space's start points, then what people added meanwhile, then what the sampler says. Each class explores the
/// same space by itself, from the same points.
/// </summary>
internal static class Proposals
{
    /// <summary>Who chose a configuration, beside samplers, as it stands in the ledger.</summary>
    public const string Start = "start", Enqueued = "enqueued", Repeat = "repeat";

    /// <summary>Returns what the scheduler decides; where it has no promotion, what people added comes first.</summary>
    public static Decision Next(StudyState state, ClassState group)
    {
        var next = group.IsTimeOver ? new Decision.Finished() : group.Scheduler.Next();
        return next is Decision.Promote || group.Enqueued is null || (next is Decision.Start && HasStart(state, group))
            ? next
            : new Decision.Start(0);
    }

    /// <summary>Returns the next configuration of a class, and why it is tried.</summary>
    /// <exception cref="UnsatisfiableSpaceException">The sampler found none.</exception>
    public static Proposal Propose(StudyState state, ClassState group)
    {
        if (HasStart(state, group))
        {
            var point = state.Space.StartPoints[group.StartsProposed];
            var text = point.IsDefaults ? "the trainer's defaults" : $"start point {group.StartsProposed + 1}";
            return new(point.Configuration, new(Start, text));
        }
        return group.Enqueued is { } added ? new(added, new(Enqueued, "added by a person")) : state.Plan.Sampler.Propose(group.History);
    }

    private static bool HasStart(StudyState state, ClassState group) => group.StartsProposed < state.Space.StartPoints.Length;
}
