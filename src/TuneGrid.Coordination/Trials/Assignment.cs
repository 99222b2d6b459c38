using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;

namespace TuneGrid.Coordination.Trials;

/// <summary>One segment that a silo holds the lease of: a trial from where it stands to a rung.</summary>
/// <param name="Segment">Its number within the trial, from 0.</param>
/// <param name="Fence">Goes with every renewal of the lease and with the report.</param>
/// <param name="Rung">Where it leads, counted from 0.</param>
/// <param name="Seed">What the trial's own randomness starts from.</param>
/// <param name="Budget">The whole budget: the learning-rate schedule follows amount / budget.</param>
/// <param name="ToAmount">Where to stop, in budget units: the first step boundary at or after it.</param>
/// <param name="IsLast">The rung is the whole budget: also write the model.</param>
/// <param name="Checkpoint">Where to go on from; null starts from the seed.</param>
/// <param name="Trace">W3C traceparent of the segment's span, or null.</param>
/// <param name="Token">Goes with the fence: whoever can't show it holds nothing.</param>
public sealed record Assignment(
    StudyId Study, TrialId Trial, int Segment, Fence Fence, int Rung, Configuration Configuration, ulong Seed, CorpusReference Corpus,
    Budget Budget, double ToAmount, bool IsLast, ArtifactHash? Checkpoint, string? Trace, LeaseToken Token)
{
    /// <summary>
    /// How many silos of this host fell silent under the trial since it last made progress: the more, the longer it waits for its start.
    /// </summary>
    public int Losses { get; init; }
}
