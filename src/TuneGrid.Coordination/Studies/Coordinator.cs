using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Sampling;
using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;

namespace TuneGrid.Coordination.Studies;

/// <summary>The rules of the grid: which events follow from a state and a request. Pure: no clock, no randomness, no side effect.</summary>
public static class Coordinator
{
    /// <summary>
    /// A trial that silenced this many different silos since it last made progress is not tried on another. A silo that was only cut off
    /// for longer than its lease counts too: that it comes back proves nothing, since one that the trial drove into swapping does so as
    /// well, and such a trial must not circle the fleet.
    /// </summary>
    public const int MostSilosLost = 3;

    // Looking further for a trial with a local checkpoint would cost more than the transfer it saves.
    private const int LocalCandidates = 32;

    /// <summary>Returns what the silo that makes this offer should do.</summary>
    /// <exception cref="InvalidOperationException">The study has no events yet.</exception>
    public static WorkDecision Decide(StudyState state, WorkOffer offer)
    {
        if (state.Status == StudyStatus.Paused)
            return new WorkDecision.Wait();
        if (state.Status != StudyStatus.Running)
            return new WorkDecision.Finished();
        var group = state.ClassOf(offer.Class);
        // Its own lease too: no store renews one that has run out, so a silo that slept alone could never go on under it.
        if (Expire(state, offer) is { Events.Count: > 0 } expired)
            return expired;
        if (group.HeldBy(offer.Silo) is { } held && state.Trial(held).Phase is TrialPhase.Running mine)
        {
            // Whoever can't show its token has only guessed the name of the silo that does hold it.
            return state.IsHeldUnder(held, mine.Fence, offer.Token)
                ? new WorkDecision.Run([], [], held, mine.Fence)
                : new WorkDecision.Wait();
        }
        var interrupted = Interrupted(state, group, offer);
        if (interrupted is not null && !WasDisturbedHere(interrupted, offer.Silo))
            return Resume(state, offer, interrupted);
        return group.Scheduler.Next() switch
        {
            Decision.Promote promote => Promote(state, offer, promote),
            Decision.Start start => Start(state, group, offer, start.Bracket),
            _ when interrupted is not null => Resume(state, offer, interrupted),
            Decision.Finished when group.Running.Count == 0 && IsComplete(state, offer.LiveClasses) => Complete(offer.Now),
            Decision.Finished when group.Running.Count == 0 => new WorkDecision.Finished(),
            _ => new WorkDecision.Wait(),
        };
    }

    /// <summary>
    /// Returns whether nothing of the study can be trained any more: a class whose silos are all gone must not keep it open; a lease that
    /// still runs must.
    /// </summary>
    /// <param name="liveClasses">Classes that have a silo alive now; null if nobody asked, and then no study is called complete.</param>
    internal static bool IsComplete(StudyState state, IReadOnlySet<HardwareClass>? liveClasses) =>
        liveClasses is not null && state.Status == StudyStatus.Running
        && !state.Classes.Any(c => !c.IsFinished && (c.Running.Count > 0 || liveClasses.Contains(c.Class)));

    /// <summary>Returns what completes a study of which <see cref="IsComplete"/> is true.</summary>
    internal static WorkDecision.Record Complete(DateTimeOffset now) => new([new StudyCompleted(now)], []);

    /// <summary>Returns what follows when the holder of a lease says how its segment ended.</summary>
    /// <exception cref="ArgumentException">The study has no such trial.</exception>
    public static ReportDecision Report(
        StudyState state, TrialId id, Fence fence, LeaseToken token, SegmentOutcome outcome, DateTimeOffset now)
    {
        var trial = state.Trial(id);
        if (!state.IsOpen || trial.Phase is not TrialPhase.Running running || !trial.IsHeldUnder(fence, token))
            return WasRecorded(trial, fence, token) ? new ReportDecision.AlreadyRecorded() : new ReportDecision.Refused();
        IReadOnlyList<StudyEvent> events = outcome switch
        {
            SegmentOutcome.Stopped stopped => [new TrialPaused(now, id, running.Segment, fence, stopped.Amount, stopped.Checkpoint)],
            SegmentOutcome.Failed failed => [new TrialFailed(now, id, fence, failed.Kind, failed.Reason)],
            SegmentOutcome.Reached reached => Reached(state, trial, running, reached.Result, now),
            _ => throw new ArgumentException($"unknown outcome {outcome}", nameof(outcome)),
        };
        return new ReportDecision.Record(events, [new LeaseChange.Release(id)]);
    }

    /// <summary>Returns what follows when the checkpoint a segment should go on from can't be used.</summary>
    /// <exception cref="ArgumentException">The study has no such trial.</exception>
    public static ReportDecision ReportDamage(
        StudyState state, TrialId id, Fence fence, LeaseToken token, ArtifactHash checkpoint, string reason, DateTimeOffset now)
    {
        return state.IsOpen && state.Trial(id).IsHeldUnder(fence, token)
            ? new ReportDecision.Record([new CheckpointLost(now, id, fence, checkpoint, reason)], [new LeaseChange.Release(id)])
            : new ReportDecision.Refused();
    }

    /// <summary>Returns what ends the study now; whoever trains for it finds the lease gone. Empty if it has ended already.</summary>
    public static WorkDecision.Record Cancel(StudyState state, string reason, DateTimeOffset now) => state.IsOpen
        ? new([new StudyCancelled(now, reason)], [.. Running(state).Select(t => new LeaseChange.Release(t))])
        : new([], []);

    /// <summary>Returns what ends one trial now, as failed. Empty if it or its study has ended already.</summary>
    /// <exception cref="ArgumentException">The study has no such trial.</exception>
    public static WorkDecision.Record CancelTrial(StudyState state, TrialId id, string reason, DateTimeOffset now)
    {
        if (!state.IsOpen || state.Trial(id) is not { IsOver: false } trial)
            return new([], []);
        var running = trial.Phase as TrialPhase.Running;
        var fence = running?.Fence ?? trial.Segments.LastOrDefault()?.Fence ?? default;
        return new(
            [new TrialFailed(now, id, fence, FailureKind.Cancelled, reason)], running is null ? [] : [new LeaseChange.Release(id)]);
    }

    /// <summary>
    /// Returns what lets nothing start or go on until <see cref="Resume(StudyState, DateTimeOffset)"/>. Empty if the study is paused
    /// already or has ended.
    /// </summary>
    public static WorkDecision.Record Pause(StudyState state, string reason, DateTimeOffset now) => state.Status == StudyStatus.Running
        ? new([new StudyPaused(now, reason)], [.. Running(state).Select(t => new LeaseChange.RequestPause(t))])
        : new([], []);

    /// <summary>Returns what lets a paused study go on. Empty if it is not paused.</summary>
    public static WorkDecision.Record Resume(StudyState state, DateTimeOffset now) =>
        state.Status == StudyStatus.Paused ? new([new StudyResumed(now)], []) : new([], []);

    private static IEnumerable<TrialId> Running(StudyState state) => state.Classes.SelectMany(c => c.Running);

    private static WorkDecision.Record Expire(StudyState state, WorkOffer offer)
    {
        var events = new List<StudyEvent>();
        var leases = new List<LeaseChange>();
        foreach (var lease in offer.Leases.Where(l => l.IsExpired && l.Trial.Number < state.Trials.Count).OrderBy(l => l.Trial))
        {
            var trial = state.Trial(lease.Trial);
            if (trial.Phase is not TrialPhase.Running running || running.Fence != lease.Fence)
                continue;
            events.Add(new LeaseExpired(offer.Now, trial.Id, lease.Fence));
            leases.Add(new LeaseChange.Release(trial.Id));
            var lost = trial.LostOn.Append(running.Silo).Distinct().ToList();
            if (lost.Count >= MostSilosLost)
            {
                var reason = $"{lost.Count} silos fell silent while training it ({string.Join(", ", lost)}); "
                    + $"the last was on the way to rung {running.ToRung + 1}";
                events.Add(new TrialFailed(offer.Now, trial.Id, lease.Fence, FailureKind.Crashed, reason));
            }
        }
        return new(events, leases);
    }

    private static Trial? Interrupted(StudyState state, ClassState group, WorkOffer offer)
    {
        if (group.Ready.Count == 0)
            return null;
        var trials = group.Ready.Take(LocalCandidates).Select(state.Trial).ToList();
        var others = trials.FindAll(t => !WasDisturbedHere(t, offer.Silo));
        return others.Find(t => t.Home == offer.Silo) ?? others.FirstOrDefault() ?? trials[0];
    }

    /// <summary>
    /// Returns whether this silo was the one disturbed: somebody else should run the segment again, or the same silo after all it has to do
    /// besides.
    /// </summary>
    private static bool WasDisturbedHere(Trial trial, SiloId silo) =>
        trial.Segments is [.., { End: SegmentEnd.Disturbed } last] && last.Silo == silo;

    private static WorkDecision.Run Resume(StudyState state, WorkOffer offer, Trial trial)
        => Assign(state, offer, trial.Id, [], trial.Bracket, ((TrialPhase.Ready)trial.Phase).ToRung, trial);

    private static WorkDecision.Run Promote(StudyState state, WorkOffer offer, Decision.Promote promote)
    {
        var trial = state.Trial(promote.Trial);
        var promoted = new TrialPromoted(offer.Now, trial.Id, promote.ToRung, promote.Why);
        return Assign(state, offer, trial.Id, [promoted], trial.Bracket, promote.ToRung, trial);
    }

    private static WorkDecision Start(StudyState state, ClassState group, WorkOffer offer, int bracket)
    {
        try
        {
            var id = new TrialId(state.Trials.Count);
            // Numbered within the class: every class explores the same sequence, and a low-discrepancy sampler keeps its spread in each.
            var configuration = state.Plan.Sampler.Sample(group.Proposed);
            var proposed = new TrialProposed(offer.Now, id, offer.Class, bracket, configuration, null);
            return Assign(state, offer, id, [proposed], group.Brackets[bracket], 0, null);
        }
        catch (UnsatisfiableSpaceException exception)
        {
            // One unlucky draw is no reason to throw away what was found: it ends the proposals, and what there is finishes the study.
            return group.Proposed > 0
                ? new WorkDecision.Record([new ProposalsEnded(offer.Now, offer.Class, exception.Message)], [])
                : Cancel(state, exception.Message, offer.Now);
        }
    }

    private static WorkDecision.Run Assign(
        StudyState state, WorkOffer offer, TrialId id, IReadOnlyList<StudyEvent> before, Bracket bracket, int rung, Trial? trial)
    {
        var fence = new Fence(state.Sequence + before.Count + 1);
        var from = trial?.LastCheckpoint?.Amount ?? 0;
        var leased = new SegmentLeased(
            offer.Now, id, trial?.Segments.Count ?? 0, fence, offer.Silo, rung, from, bracket.Rungs[rung], null, offer.Token);
        return new([.. before, leased], [new LeaseChange.Grant(id, fence, offer.Silo, offer.TimeToLive)], id, fence);
    }

    private static IReadOnlyList<StudyEvent> Reached(
        StudyState state, Trial trial, TrialPhase.Running running, SegmentResult result, DateTimeOffset now)
    {
        if (!double.IsFinite(result.BitsPerByte))
            return [new TrialFailed(now, trial.Id, running.Fence, FailureKind.Diverged, "its score is not a number")];
        if (result.RelativeSpeed is { } speed)
            result = result with { Disturbed = speed < 1 - state.Space.Disturbance.Share };
        if (result.Disturbed && IsRerun(state) && !trial.WasRerun(running.ToRung))
            return [new SegmentDisturbed(now, trial.Id, running.Segment, running.Fence, result)];
        var reached = new RungReached(now, trial.Id, running.Segment, running.Fence, running.ToRung, result);
        return running.ToRung == trial.Bracket.Rungs.Length - 1 ? [reached, new TrialCompleted(now, trial.Id, result)] : [reached];
    }

    /// <summary>Budgets in tokens or steps train the same whatever the speed: there is nothing to gain from a rerun.</summary>
    private static bool IsRerun(StudyState state)
        => state.Created.Disturbance == DisturbancePolicy.RerunOnce && state.Space.Budget.Kind is (BudgetKind.Seconds or BudgetKind.Joules);

    private static bool WasRecorded(Trial trial, Fence fence, LeaseToken token)
        => trial.Segments.Any(
            s => s.Fence == fence && s.Token == token
                && s.End is (SegmentEnd.Reached or SegmentEnd.Paused or SegmentEnd.Failed or SegmentEnd.Disturbed));
}
