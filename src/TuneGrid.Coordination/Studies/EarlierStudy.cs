using TuneGrid.Search.Observations;
using TuneGrid.Search.Sampling;
using TuneGrid.Search.Space;

namespace TuneGrid.Coordination.Studies;

/// <summary>What a new study takes from an earlier one.</summary>
/// <param name="Study">The earlier one.</param>
/// <param name="Trials">Its best trials, the best first.</param>
public sealed record EarlierStudy(StudyId Study, ValueList<EarlierTrial> Trials)
{
    private const int MostTrials = 10;

    /// <summary>
    /// Returns the best trials of a study, over all its hardware classes, as far as they say anything about a space; null if no trial has a
    /// score, or none of its parameters is searched.
    /// </summary>
    public static EarlierStudy? Of(StudyState study, SearchSpace space)
    {
        var trials = study.Classes.SelectMany(c => EarlierTrials.Of(c.History, space)).OrderBy(t => t.Rank)
            .DistinctBy(t => t.Configuration).Take(MostTrials);
        return ValueList.Of<EarlierTrial>([.. trials]) is { Count: > 0 } best ? new(study.Id, best) : null;
    }
}
