using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Observations;
using TuneGrid.Search.Space;

namespace TuneGrid.Coordination.Studies;

/// <content>What people add to a study, which may open one again that has completed.</content>
public sealed partial class StudyState
{
    private bool IsReopened(StudyEvent change) => Status == StudyStatus.Completed && change is StudyExtended or TrialRetried;

    private void Retry(long sequence, TrialRetried change)
    {
        var trial = Known(sequence, change.Trial);
        Check(trial.Phase is TrialPhase.Failed, sequence, $"{trial.Id} was tried again but is {trial.Phase}");
        Reopen();
        trial.Forgive();
        ForgetCheckpoints(trial);
        var group = ClassOf(trial.Class);
        group.Reopen();
        if (trial.RepeatOf is null)
            group.Scheduler.Retried(trial.Id);
        group.History.Resumed(trial.Id.Number);
        trial.Phase = ((TrialPhase.Failed)trial.Phase).From!;
        if (trial.Phase is TrialPhase.AtRung at)
            ScoreAgain(group, trial, at.Rung, trial.Rungs[at.Rung]!);
        else
            group.SetReady(trial.Id);
    }

    /// <summary>It stood at a rung and stands there again.</summary>
    private static void ScoreAgain(ClassState group, Trial trial, int rung, SegmentResult result)
    {
        group.Scheduler.Reached(trial.Id, rung, result.BitsPerByte);
        group.History.Reached(trial.Id.Number, trial.Bracket.Rungs[rung], result.BitsPerByte, isLast: false, result.Curve);
    }

    private void Extend(long sequence, StudyExtended change)
    {
        Check(change.Trials >= Space.Trials, sequence, $"the study was to have {change.Trials} trials, and has {Space.Trials} already");
        Reopen();
        _isExtended = true;
        _plan = Plan with { Space = Space with { Trials = change.Trials } };
        foreach (var group in _classes.Values)
            group.Extend(change.Trials);
    }

    private void WarmStart(long sequence, StudyWarmStarted change)
    {
        Check(_trials.Count == 0, sequence, $"the study was started from '{change.Source}' after its first trial");
        _earlier.Add(change);
    }

    /// <summary>The best of every source, then the second of every source, and so on: none is more likely to resemble this study.</summary>
    private List<EarlierTrial> Earlier() =>
    [
        .. _earlier.SelectMany((e, source) => e.Trials.Select((trial, place) => (trial, place, source)))
            .OrderBy(t => t.place).ThenBy(t => t.source).Select(t => t.trial),
    ];

    private void Reopen()
    {
        if (Status != StudyStatus.Completed)
            return;
        foreach (var trial in _trials.Where(t => !t.IsOver))
            ForgetCheckpoints(trial);
    }

    /// <summary>Those of a failed trial are deleted, and when a study ends all but what its space keeps.</summary>
    private void ForgetCheckpoints(Trial trial)
    {
        if (Space.Keep != Retention.All)
            trial.StartOver();
    }
}
