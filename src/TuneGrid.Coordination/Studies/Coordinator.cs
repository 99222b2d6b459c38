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
    /// A trial that silenced silos of this many hosts since it last made progress is not tried on another: it must not circle the fleet. On
    /// one host it may be the host's fault, however often it happens. A silo that was only cut off for longer than its lease counts too:
    /// that it comes back proves nothing, since one that the trial drove into swapping does so as well.
    /// </summary>
    public const int MostHostsLost = 2;

    /// <summary>A trial that the trainers of this many hosts broke on, nobody knows why, is to blame itself.</summary>
    public const int MostHostsBroken = 2;

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
        if (offer.Noise is { } noise && NeedsNoise(state, offer.Class))
            return new WorkDecision.Record([new ClassNoiseRecorded(offer.Now, offer.Class, noise.Source, noise.Points)], []);
        var limit = TimeLimit.Of(state, group, offer.Now);
        var interrupted = Interrupted(state, group, offer, limit);
        if (interrupted is not null && !IsLastResort(interrupted, offer))
            return Resume(state, offer, interrupted);
        IReadOnlyList<Trial> waiting = group.IsTimeOver ? [] : MemoryNeed.Waiting(state, group, offer);
        var next = Proposals.Next(state, group);
        if (limit?.Ends(next) is { } end)
            return new WorkDecision.Record([end], []);
        return (limit?.Restrict(next) ?? next) switch
        {
            Decision.Promote promote => Promote(state, offer, promote),
            Decision.Start start when waiting.Count < MemoryNeed.MostWaiting => Start(state, group, offer, start.Bracket),
            Decision.Finished when waiting.Count < MemoryNeed.MostWaiting && Finalist(group, limit) is { } finalist =>
                Repeat(state, group, offer, finalist),
            _ when interrupted is not null => Resume(state, offer, interrupted),
            _ when MemoryNeed.BeyondLiving(state, waiting, offer) is { Count: > 0 } ended => new WorkDecision.Record(ended, []),
            _ when waiting.Count > 0 => new WorkDecision.Wait(MemoryNeed.Why(state, waiting, offer)),
            Decision.Finished when group.Running.Count == 0 && IsComplete(state, offer.Living) => Complete(offer.Now),
            Decision.Finished when group.Running.Count == 0 => new WorkDecision.Finished(),
            _ => new WorkDecision.Wait(),
        };
    }

    /// <summary>Returns whether what earlier studies know of a class's noise would still be recorded.</summary>
    internal static bool NeedsNoise(StudyState state, HardwareClass hardware) =>
        state.Status == StudyStatus.Running && state.ClassOf(hardware).Proposed == 0 && state.NoiseOf(hardware) is null;

    /// <summary>
    /// Returns whether it would help to know which silos are alive: nothing is left to start, or what is left waits for one with more
    /// memory than this has.
    /// </summary>
    internal static bool DependsOnLiving(StudyState state, WorkOffer offer)
    {
        if (state.Status != StudyStatus.Running)
            return false;
        var group = state.ClassOf(offer.Class);
        return group.IsFinished || MemoryNeed.Waiting(state, group, offer).Count > 0;
    }

    /// <summary>
    /// Returns whether nothing of the study can be trained any more: a class whose silos are all gone must not keep it open; a lease that
    /// still runs must.
    /// </summary>
    /// <param name="living">Classes that have a silo alive now; null if nobody asked, and then no study is called complete.</param>
    internal static bool IsComplete(StudyState state, IReadOnlyDictionary<HardwareClass, long>? living) =>
        living is not null && state.Status == StudyStatus.Running
        && !state.Classes.Any(c => !c.IsFinished && (c.Running.Count > 0 || living.ContainsKey(c.Class)));

    /// <summary>Returns what completes a study of which <see cref="IsComplete"/> is true.</summary>
    internal static WorkDecision.Record Complete(DateTimeOffset now) => new([new StudyCompleted(now)], []);

    /// <summary>
    /// Returns what follows when the holder of a lease says how its segment ended. What can't be true is not recorded: the trial goes on
    /// from where it was.
    /// </summary>
    /// <param name="missing">An artifact that the outcome speaks of and that is not in the artifact store; null if all are.</param>
    /// <exception cref="ArgumentException">The study has no such trial.</exception>
    public static ReportDecision Report(
        StudyState state, TrialId id, Fence fence, LeaseToken token, SegmentOutcome outcome, DateTimeOffset now,
        ArtifactHash? missing = null)
    {
        var trial = state.Trial(id);
        if (!state.IsOpen || trial.Phase is not TrialPhase.Running running || !trial.IsHeldUnder(fence, token))
            return WasRecorded(trial, fence, token) ? new ReportDecision.AlreadyRecorded() : new ReportDecision.Refused();
        if (Plausibility.Objection(state, trial.Segments[^1], outcome, missing) is { } objection)
        {
            var released = Released(trial, running, new(ReleaseCause.Unknown, objection), now);
            return new ReportDecision.Record(released, [new LeaseChange.Release(id)], objection);
        }
        IReadOnlyList<StudyEvent> events = outcome switch
        {
            SegmentOutcome.Stopped stopped =>
                [new TrialPaused(now, id, running.Segment, fence, stopped.Amount, stopped.Checkpoint) { Curve = stopped.Curve }],
            SegmentOutcome.Released released => Released(trial, running, released, now),
            SegmentOutcome.Failed failed => [new TrialFailed(now, id, fence, failed.Kind, failed.Reason) { Curve = failed.Curve }],
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
            var hosts = trial.Losses.Keys.Append(trial.Segments[^1].Host).Distinct().ToList();
            if (hosts.Count >= MostHostsLost)
            {
                var reason = $"silos on {hosts.Count} hosts fell silent while training it ({string.Join(", ", hosts)}); "
                    + $"the last was on the way to rung {running.ToRung + 1}";
                events.Add(new TrialFailed(offer.Now, trial.Id, lease.Fence, FailureKind.Crashed, reason));
            }
        }
        return new(events, leases);
    }

    private static Trial? Finalist(ClassState group, TimeLimit? limit) =>
        group.IsTimeOver || limit?.CanRepeat == false ? null : group.Finalists.Due;

    private static Trial? Interrupted(StudyState state, ClassState group, WorkOffer offer, TimeLimit? limit)
    {
        if (group.Ready.Count == 0 || group.IsTimeOver)
            return null;
        var trials = group.Ready.Select(state.Trial).Where(t => MemoryNeed.Fits(state, t, offer) && limit?.CanGoOn(t) != false)
            .Take(LocalCandidates).ToList();
        var others = trials.FindAll(t => !IsLastResort(t, offer));
        return others.Find(t => t.Home == offer.Silo) ?? others.FirstOrDefault() ?? trials.FirstOrDefault();
    }

    /// <summary>
    /// Returns whether this silo was disturbed in the segment, or its host could not run it: somebody else should run it again, or the same
    /// silo after all it has to do besides.
    /// </summary>
    private static bool IsLastResort(Trial trial, WorkOffer offer) =>
        (trial.Segments is [.., { End: SegmentEnd.Disturbed } last] && last.Silo == offer.Silo) || trial.Releases.ContainsKey(offer.Host);

    private static WorkDecision.Run Resume(StudyState state, WorkOffer offer, Trial trial)
        => Assign(state, offer, trial.Id, [], trial.Bracket, ((TrialPhase.Ready)trial.Phase).ToRung, trial);

    /// <summary>What this silo can't hold is promoted all the same, and waits for another.</summary>
    private static WorkDecision Promote(StudyState state, WorkOffer offer, Decision.Promote promote)
    {
        var trial = state.Trial(promote.Trial);
        var promoted = new TrialPromoted(offer.Now, trial.Id, promote.ToRung, promote.Why with { Probability = Probability() });
        if (!MemoryNeed.Fits(state, trial, offer))
            return new WorkDecision.Record([promoted], []);
        return Assign(state, offer, trial.Id, [promoted], trial.Bracket, promote.ToRung, trial);

        double? Probability() => promote.Next is { } next && state.NoiseOf(offer.Class) is { } noise
            ? noise.ProbabilityBetter(trial.Bracket.Rungs[promote.Why.Rung], promote.Why.Score, next)
            : null;
    }

    private static WorkDecision Start(StudyState state, ClassState group, WorkOffer offer, int bracket)
    {
        try
        {
            var id = new TrialId(state.Trials.Count);
            var (configuration, why) = Proposals.Propose(state, group);
            var proposed = new TrialProposed(offer.Now, id, offer.Class, bracket, configuration, null, why);
            var bytes = state.Plan.MemoryBytes(configuration, offer.Threads);
            if (MemoryNeed.BeyondClass(offer, proposed, bytes) is { } infeasible)
                return new WorkDecision.Record([proposed, infeasible], []);
            return bytes > offer.MemoryLimitBytes
                ? new WorkDecision.Record([proposed], [])
                : Assign(state, offer, id, [proposed], group.Brackets[bracket], 0, null);
        }
        catch (UnsatisfiableSpaceException exception)
        {
            // One unlucky draw is no reason to throw away what was found: it ends the proposals, and what there is finishes the study.
            return group.Proposed > 0
                ? new WorkDecision.Record([new ProposalsEnded(offer.Now, offer.Class, exception.Message)], [])
                : Cancel(state, exception.Message, offer.Now);
        }
    }

    /// <summary>The same configuration for the whole budget, on the seed and data order that are a new trial's own.</summary>
    private static WorkDecision Repeat(StudyState state, ClassState group, WorkOffer offer, Trial finalist)
    {
        var id = new TrialId(state.Trials.Count);
        var bracket = new Bracket(group.Brackets.Count, [state.Space.Budget.Amount], 1);
        var proposed = new TrialProposed(
            offer.Now, id, offer.Class, bracket.Index, finalist.Configuration, null, new(Proposals.Repeat), finalist.Id);
        return MemoryNeed.Fits(state, finalist, offer)
            ? Assign(state, offer, id, [proposed], bracket, 0, null)
            : new WorkDecision.Record([proposed], []);
    }

    private static WorkDecision.Run Assign(
        StudyState state, WorkOffer offer, TrialId id, IReadOnlyList<StudyEvent> before, Bracket bracket, int rung, Trial? trial)
    {
        var fence = new Fence(state.Sequence + before.Count + 1);
        var from = trial?.LastCheckpoint?.Amount ?? 0;
        var leased = new SegmentLeased(
            offer.Now, id, trial?.Segments.Count ?? 0, fence, offer.Silo, rung, from, bracket.Rungs[rung], null, offer.Token, offer.Host);
        return new([.. before, leased], [new LeaseChange.Grant(id, fence, offer.Silo, offer.TimeToLive)], id, fence);
    }

    private static IReadOnlyList<StudyEvent> Released(
        Trial trial, TrialPhase.Running running, SegmentOutcome.Released outcome, DateTimeOffset now)
    {
        var released = new TrialReleased(now, trial.Id, running.Segment, running.Fence, outcome.Cause, outcome.Reason);
        if (outcome.Cause != ReleaseCause.Unknown)
            return [released];
        var hosts = trial.Releases.Where(r => r.Value == ReleaseCause.Unknown).Select(r => r.Key)
            .Append(trial.Segments[^1].Host).Distinct().ToList();
        var reason = $"{string.Join(" and ", hosts)} could not run it: {outcome.Reason}";
        return hosts.Count >= MostHostsBroken
            ? [released, new TrialFailed(now, trial.Id, running.Fence, FailureKind.Error, reason)]
            : [released];
    }

    private static IReadOnlyList<StudyEvent> Reached(
        StudyState state, Trial trial, TrialPhase.Running running, SegmentResult result, DateTimeOffset now)
    {
        if (!double.IsFinite(result.BitsPerByte))
        {
            var diverged = new TrialFailed(now, trial.Id, running.Fence, FailureKind.Diverged, "its score is not a number");
            return [diverged with { Curve = result.Curve }];
        }
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
        => trial.Segments.Any(s => s.Fence == fence && s.Token == token && s.End is (SegmentEnd.Reached or SegmentEnd.Paused
            or SegmentEnd.Failed or SegmentEnd.Disturbed or SegmentEnd.Released));
}
