using System.Runtime.CompilerServices;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Observations;
using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;

namespace TuneGrid.Coordination.Studies;

/// <content>The fold. Each event is checked against the state it meets: what can't have happened means a damaged ledger.</content>
public sealed partial class StudyState
{
    /// <summary>Folds in the next event. After an exception the state is not to be used any more.</summary>
    /// <exception cref="LedgerCorruptException">The event can't follow the ones before it.</exception>
    public void Apply(RecordedEvent recorded)
    {
        var (sequence, change) = recorded;
        Check(sequence == Sequence + 1, sequence, $"event {Sequence + 1} was expected; some are missing or doubled");
        Check(change is StudyCreated == (Sequence == 0), sequence, "a study begins with one study_created event, and has only one");
        Check(IsOpen || IsReopened(change), sequence, "the study had already ended");
        Fold(sequence, change);
        _summary.Apply(change);
        Sequence = sequence;
    }

    private void Fold(long sequence, StudyEvent change)
    {
        switch (change)
        {
            case StudyCreated e: Create(sequence, e); break;
            case TrialProposed e: Propose(sequence, e); break;
            case SegmentLeased e: Lease(sequence, e); break;
            case RungReached e: Reach(sequence, e); break;
            case TrialPaused e: Pause(sequence, e); break;
            case TrialPromoted e: Promote(sequence, e); break;
            case TrialFailed e: Fail(sequence, e); break;
            case LeaseExpired e: Expire(sequence, e); break;
            case TrialReleased e: Release(sequence, e); break;
            case CheckpointLost e: LoseCheckpoint(sequence, e); break;
            case SegmentDisturbed e: Discard(sequence, e); break;
            case TrialCompleted e: Complete(sequence, e); break;
            case ProposalsEnded e: EndProposals(sequence, e); break;
            case ClassNoiseRecorded e: RecordNoise(sequence, e); break;
            case StudyCompleted: break;
            case StudyCancelled e: CancelAll(e.At); break;
            case StudyPaused: Check(Status == StudyStatus.Running, sequence, "the study was paused already"); break;
            case StudyResumed: Check(Status == StudyStatus.Paused, sequence, "the study was not paused"); break;
            case TrialEnqueued e: _enqueued.Add(e.Configuration); break;
            case TrialRetried e: Retry(sequence, e); break;
            case StudyExtended e: Extend(sequence, e); break;
            case StudyWarmStarted e: WarmStart(sequence, e); break;
            case TimeLimitReached e: EndTime(sequence, e); break;
            default: throw new LedgerCorruptException(sequence, $"{change.GetType().Name} is unknown to this release");
        }
    }

    private void Create(long sequence, StudyCreated change)
    {
        try
        {
            _plan = planner(change.Space);
        }
        catch (ArgumentException exception)
        {
            throw new LedgerCorruptException(sequence, $"the search space can't be read: {exception.Message}", exception);
        }
        _created = change;
    }

    private void Propose(long sequence, TrialProposed change)
    {
        Check(change.Trial.Number == _trials.Count, sequence, $"trial {change.Trial} was proposed where t{_trials.Count} was due");
        var group = Kept(change.Class);
        var trial = new Trial(
            change.Trial, group.Proposed, change.Class, BracketOf(sequence, group, change), change.Configuration, change.Trace)
        {
            Why = change.Why, RepeatOf = change.RepeatOf,
        };
        _trials.Add(trial);
        group.History.Proposed(change.Trial.Number, change.Configuration, change.Why?.Model, change.RepeatOf?.Number);
        var role = group.Propose(change.Trial, change.Why?.By, Space.Control);
        group.Finalists.Propose(trial, role == TrialRole.Control);
        if (trial.RepeatOf is null)
            group.Scheduler.Proposed(change.Trial, change.Bracket, role);
        group.SetReady(change.Trial);
    }

    /// <summary>Repeats have one of their own, of a single rung, that the scheduler knows nothing of.</summary>
    private Bracket BracketOf(long sequence, ClassState group, TrialProposed change)
    {
        if (change.RepeatOf is { } original)
        {
            Check(
                Known(sequence, original) is { Phase: TrialPhase.Completed, RepeatOf: null } && Trial(original).Class == change.Class,
                sequence, $"{change.Trial} repeats {original}, which can't be repeated");
            return new(change.Bracket, [Space.Budget.Amount], 1);
        }
        Check(group.ProposalsEnded is null, sequence, $"trial {change.Trial} was proposed after the last one of {change.Class}");
        Check(change.Bracket >= 0 && change.Bracket < group.Brackets.Count, sequence, $"there is no bracket {change.Bracket}");
        return group.Brackets[change.Bracket];
    }

    private void RecordNoise(long sequence, ClassNoiseRecorded change)
    {
        Check(!_classes.ContainsKey(change.Class.Key), sequence, $"the noise of {change.Class} was recorded after its first trial");
        Check(change.Noise.Count > 0 && _noise.TryAdd(change.Class.Key, new(change.Noise)), sequence, "it says no noise, or a second one");
    }

    private void EndProposals(long sequence, ProposalsEnded change)
    {
        var group = Kept(change.Class);
        Check(group.ProposalsEnded is null, sequence, $"the proposals for {change.Class} ended twice");
        group.EndProposals(change.Reason);
    }

    private void EndTime(long sequence, TimeLimitReached change)
    {
        var group = Kept(change.Class);
        Check(
            !group.IsTimeOver && group.Running.Count == 0, sequence, $"the time of {change.Class} ended twice, or under a trial that runs");
        group.EndTime(change.Reason);
    }

    private void Lease(long sequence, SegmentLeased change)
    {
        var trial = Known(sequence, change.Trial);
        Check(
            trial.Phase is TrialPhase.Ready ready && ready.ToRung == change.Rung, sequence,
            $"{trial.Id} was leased for rung {change.Rung} but is {trial.Phase}");
        Check(change.Fence.Value == sequence, sequence, $"the fence {change.Fence} is not the event's own number");
        trial.Begin(new(
            change.Segment, change.Fence, change.Silo, change.Host ?? change.Silo.Name, change.Rung, change.FromAmount, change.ToAmount,
            change.At, change.Trace, SegmentEnd.Running, null) { Token = change.Token });
        trial.Phase = new TrialPhase.Running(change.Segment, change.Fence, change.Silo, change.Rung);
        ClassOf(trial.Class).SetRunning(trial.Id, change.Silo);
    }

    private void Reach(long sequence, RungReached change)
    {
        var trial = Held(sequence, change.Trial, change.Fence);
        Check(
            trial.Phase is TrialPhase.Running running && running.ToRung == change.Rung, sequence,
            $"{trial.Id} reached rung {change.Rung} but is {trial.Phase}");
        trial.End(SegmentEnd.Reached, change.At, change.Result);
        var segment = trial.Segments[^1];
        ClassOf(trial.Class).Times.Add(change.Result.Amount - segment.FromAmount, (change.At - segment.StartedAt).TotalSeconds);
        trial.Reached(change.Rung, change.Result);
        trial.Phase = new TrialPhase.AtRung(change.Rung);
        var group = ClassOf(trial.Class);
        if (trial.RepeatOf is null)
            group.Scheduler.Reached(trial.Id, change.Rung, change.Result.BitsPerByte, change.Result.Curve);
        group.History.Reached(
            trial.Id.Number, trial.Bracket.Rungs[change.Rung], change.Result.BitsPerByte,
            isLast: change.Rung == trial.Bracket.Rungs.Length - 1, change.Result.Curve);
        group.SetIdle(trial.Id);
    }

    private void Pause(long sequence, TrialPaused change)
    {
        var trial = Held(sequence, change.Trial, change.Fence);
        if (change.Checkpoint is { } hash)
            trial.Keep(new(change.Amount, hash));
        Interrupt(trial, SegmentEnd.Paused, change.At, change.Curve);
        if (change.Curve is { } curve)
            ClassOf(trial.Class).History.Evaluated(trial.Id.Number, curve);
    }

    private void Promote(long sequence, TrialPromoted change)
    {
        var trial = Known(sequence, change.Trial);
        Check(
            trial.Phase is TrialPhase.AtRung at && change.ToRung > at.Rung && change.ToRung < trial.Bracket.Rungs.Length,
            sequence, $"{trial.Id} was promoted to rung {change.ToRung} but is {trial.Phase}");
        trial.Phase = new TrialPhase.Ready(change.ToRung);
        var group = ClassOf(trial.Class);
        group.Scheduler.Promoted(trial.Id, change.ToRung);
        group.History.Resumed(trial.Id.Number);
        group.SetReady(trial.Id);
    }

    private void Fail(long sequence, TrialFailed change)
    {
        var trial = Known(sequence, change.Trial);
        Check(!trial.IsOver, sequence, $"{trial.Id} failed but is {trial.Phase}");
        Check(
            trial.Phase is not TrialPhase.Running running || running.Fence == change.Fence, sequence,
            $"{trial.Id} failed under the old fence {change.Fence}");
        trial.End(change.Kind == FailureKind.Cancelled ? SegmentEnd.Cancelled : SegmentEnd.Failed, change.At, curve: change.Curve);
        var from = trial.Phase is TrialPhase.Running { ToRung: var rung } ? new TrialPhase.Ready(rung) : trial.Phase;
        trial.Phase = new TrialPhase.Failed(change.Kind, change.Reason) { From = from };
        var group = ClassOf(trial.Class);
        if (trial.RepeatOf is null)
            group.Scheduler.Failed(trial.Id);
        if (change.Curve is { } curve)
            group.History.Evaluated(trial.Id.Number, curve);
        group.History.Failed(trial.Id.Number, CauseOf(change.Kind));
        group.SetIdle(trial.Id);
    }

    /// <summary>Lost silos and people say nothing about a configuration.</summary>
    private static FailureCause CauseOf(FailureKind kind) => kind switch
    {
        FailureKind.Diverged => FailureCause.Diverged,
        FailureKind.Infeasible or FailureKind.OutOfMemory => FailureCause.Infeasible,
        FailureKind.Error => FailureCause.Refused,
        _ => FailureCause.Unrelated,
    };

    private void Expire(long sequence, LeaseExpired change)
    {
        var trial = Held(sequence, change.Trial, change.Fence);
        trial.Lose(trial.Segments[^1].Host);
        Interrupt(trial, SegmentEnd.Expired, change.At);
    }

    private void Release(long sequence, TrialReleased change)
    {
        var trial = Held(sequence, change.Trial, change.Fence);
        trial.GiveBack(trial.Segments[^1].Host, change.Cause);
        Interrupt(trial, SegmentEnd.Released, change.At);
    }

    private void Discard(long sequence, SegmentDisturbed change)
    {
        var trial = Held(sequence, change.Trial, change.Fence);
        trial.Name(change.Discarded);
        Interrupt(trial, SegmentEnd.Disturbed, change.At);
    }

    private void LoseCheckpoint(long sequence, CheckpointLost change)
    {
        var trial = Held(sequence, change.Trial, change.Fence);
        trial.Forget(change.Checkpoint);
        Interrupt(trial, SegmentEnd.Damaged, change.At);
    }

    private void Complete(long sequence, TrialCompleted change)
    {
        var trial = Known(sequence, change.Trial);
        Check(
            trial.Phase is TrialPhase.AtRung at && at.Rung == trial.Bracket.Rungs.Length - 1, sequence,
            $"{trial.Id} completed but is {trial.Phase}");
        trial.Phase = new TrialPhase.Completed(change.Result);
        var group = ClassOf(trial.Class);
        group.Finalists.Complete(trial, change.Result, group.History, Space.Budget.Kind);
        if (group.Finalists.Champion(trial.Class) is { } champion)
            _summary.Crown(champion);
    }

    private void CancelAll(DateTimeOffset at)
    {
        foreach (var group in _classes.Values)
        {
            foreach (var id in group.Running.ToArray())
                Interrupt(Trial(id), SegmentEnd.Cancelled, at);
        }
    }

    private void Interrupt(Trial trial, SegmentEnd end, DateTimeOffset at, ValueList<CurvePoint>? curve = null)
    {
        trial.End(end, at, curve: curve);
        trial.Phase = new TrialPhase.Ready(((TrialPhase.Running)trial.Phase).ToRung);
        ClassOf(trial.Class).SetReady(trial.Id);
    }

    private Trial Known(long sequence, TrialId trial)
    {
        Check(trial.Number >= 0 && trial.Number < _trials.Count, sequence, $"there is no trial {trial}");
        return _trials[trial.Number];
    }

    private Trial Held(long sequence, TrialId id, Fence fence)
    {
        var trial = Known(sequence, id);
        Check(
            trial.Phase is TrialPhase.Running running && running.Fence == fence, sequence,
            $"{id} reports under fence {fence} but is {trial.Phase}");
        return trial;
    }

    private static void Check(bool holds, long sequence, [InterpolatedStringHandlerArgument(nameof(holds))] ref DeferredMessage why)
    {
        if (!holds)
            throw new LedgerCorruptException(sequence, why.ToString());
    }

    private static void Check(bool holds, long sequence, string why)
    {
        if (!holds)
            throw new LedgerCorruptException(sequence, why);
    }
}
