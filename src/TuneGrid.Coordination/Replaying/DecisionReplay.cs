using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Sampling;
using TuneGrid.Search.Scheduling;

namespace TuneGrid.Coordination.Replaying;

/// <summary>
/// Folds a ledger again from its first event, and at each event that follows from rules asks the <see cref="Coordinator"/> what it would
/// have decided there. What the ledger does not tell of the silo that asked is inferred from the event itself: its memory, whether others
/// were alive, which leases had run out.
/// </summary>
public static class DecisionReplay
{
    private const int MostCompared = 64, MostAnswersToOlder = 256;
    private static readonly Dictionary<HardwareClass, long> NobodyElse = [];

    /// <summary>Returns what came of it. It ends at the first difference.</summary>
    /// <param name="planner">Reads the study's search space.</param>
    /// <param name="ledger">From the first event on, in order.</param>
    /// <exception cref="LedgerCorruptException">An event can't follow the ones before it, whatever the rules say.</exception>
    public static ReplayReport Run(StudyId id, SearchPlanner planner, IReadOnlyList<RecordedEvent> ledger)
    {
        var state = new StudyState(id, planner);
        var reproduced = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var (inputs, skipped, isOlder) = (0, 0, false);
        for (var at = 0; at < ledger.Count;)
        {
            isOlder = isOlder || ledger[at].Event is TrialProposed { Why: null };
            var answers = Answers(state, ledger, at, isOlder).Take(isOlder ? MostAnswersToOlder : int.MaxValue);
            var answer = answers.FirstOrDefault(a => Parting(ledger, at, a) is null);
            if (answer is null && Likeliest(ledger, at, answers) is { } difference)
            {
                if (!isOlder || ledger[at].Event is TrialProposed or TrialPromoted)
                    return new(state.Sequence, reproduced, inputs, skipped, difference);
                skipped++;
            }
            else if (answer is null)
            {
                inputs++;
            }
            foreach (var change in answer ?? [])
            {
                var name = EventNames.Of(change);
                reproduced[name] = reproduced.GetValueOrDefault(name) + 1;
            }
            for (var left = Math.Max(1, answer?.Count ?? 1); left > 0; left--)
                state.Apply(ledger[at++]);
        }
        return new(state.Sequence, reproduced, inputs, skipped, null);
    }

    /// <summary>Of the silos that may have asked, the one whose answer comes nearest; null if the event follows from no rule.</summary>
    private static ReplayDifference? Likeliest(
        IReadOnlyList<RecordedEvent> ledger, int at, IEnumerable<IReadOnlyList<StudyEvent>> answers) =>
        answers.Take(MostCompared).Select(a => Parting(ledger, at, a)).OfType<ReplayDifference>()
            .OrderByDescending(d => d.Sequence).ThenByDescending(d => d.Expected?.GetType() == d.Recorded.GetType())
            .ThenByDescending(d => d.Expected is not null).FirstOrDefault();

    /// <summary>Where the ledger from here on leaves what the rules say; null if it follows it to its end.</summary>
    private static ReplayDifference? Parting(IReadOnlyList<RecordedEvent> ledger, int at, IReadOnlyList<StudyEvent> answer)
    {
        // A turn is appended together or not at all.
        for (var i = 0; i < Math.Max(1, answer.Count); i++)
        {
            if (at + i >= ledger.Count)
                return new(ledger[^1].Sequence, ledger[^1].Event, answer[i]);
            if (i >= answer.Count || !RecordedComparison.Agrees(ledger[at + i].Event, answer[i]))
                return new(ledger[at + i].Sequence, ledger[at + i].Event, i < answer.Count ? answer[i] : null);
        }
        return null;
    }

    /// <summary>What the rules say from here on, for each silo that may have asked; empty if the next event follows from no rule.</summary>
    private static IEnumerable<IReadOnlyList<StudyEvent>> Answers(
        StudyState state, IReadOnlyList<RecordedEvent> ledger, int at, bool isOlder)
    {
        var change = ledger[at].Event;
        // What the fold refuses is a damaged ledger, and it says so better.
        if (state.Sequence == 0 || TrialOf(change) is { } id && (id.Number < 0 || id.Number >= state.Trials.Count))
            return [];
        return change switch
        {
            LeaseExpired e => [Expired(state, e)],
            StudyCompleted e => [state.Classes.Any(c => c.IsFinished) && Coordinator.IsComplete(state, NobodyElse)
                ? Coordinator.Complete(e.At).Events : []],
            StudyCreated or StudyPaused or StudyResumed or StudyCancelled => [],
            TrialFailed { Kind: FailureKind.Cancelled } e => [Coordinator.CancelTrial(state, e.Trial, e.Reason, e.At).Events],
            TrialProposed or TrialPromoted when isOlder => [Older(state, change)],
            TrialProposed e => Decided(state, ledger, at, e.Class),
            ProposalsEnded e => Decided(state, ledger, at, e.Class),
            TimeLimitReached e => Decided(state, ledger, at, e.Class),
            TrialPromoted e => Decided(state, ledger, at, state.Trial(e.Trial).Class),
            SegmentLeased e => Decided(state, ledger, at, state.Trial(e.Trial).Class),
            TrialFailed e when state.Trial(e.Trial).Phase is not TrialPhase.Running =>
                Decided(state, ledger, at, state.Trial(e.Trial).Class),
            CheckpointLost e => [Events(Coordinator.ReportDamage(
                state, e.Trial, e.Fence, TokenOf(state, e.Trial), e.Checkpoint, e.Reason, e.At))],
            TrialCompleted => [[]],
            _ => Reports.OutcomeOf(change) is { } outcome
                ? [Events(Coordinator.Report(
                    state, outcome.Trial, outcome.Fence, TokenOf(state, outcome.Trial), outcome.Outcome, change.At))]
                : [],
        };
    }

    private static TrialId? TrialOf(StudyEvent change) => change switch
    {
        TrialPromoted e => e.Trial,
        SegmentLeased e => e.Trial,
        LeaseExpired e => e.Trial,
        CheckpointLost e => e.Trial,
        TrialFailed e => e.Trial,
        _ => Reports.OutcomeOf(change)?.Trial,
    };

    private static IEnumerable<IReadOnlyList<StudyEvent>> Decided(
        StudyState state, IReadOnlyList<RecordedEvent> ledger, int at, HardwareClass hardware) =>
        ImpliedOffers.Of(state, ledger, at, hardware).Select(offer => Coordinator.Decide(state, offer).Events);

    private static IReadOnlyList<StudyEvent> Expired(StudyState state, LeaseExpired change)
    {
        var trial = state.Trial(change.Trial);
        var lease = new Lease(change.Trial, change.Fence, ImpliedOffers.Anybody, default, true, null);
        var offer = new WorkOffer(ImpliedOffers.Anybody, trial.Class, change.At, TimeSpan.Zero, [lease], null, default);
        return trial.Phase is TrialPhase.Running running && running.Fence == change.Fence ? Coordinator.Decide(state, offer).Events : [];
    }

    /// <summary>What stayed the same since the first release: who is promoted, and what is sampled.</summary>
    private static IReadOnlyList<StudyEvent> Older(StudyState state, StudyEvent change)
    {
        if (change is TrialPromoted promoted)
        {
            return state.ClassOf(state.Trial(promoted.Trial).Class).Scheduler.Next() is Decision.Promote promote
                ? [new TrialPromoted(change.At, promote.Trial, promote.ToRung, promote.Why)]
                : [];
        }
        var proposed = (TrialProposed)change;
        var group = state.ClassOf(proposed.Class);
        try
        {
            return group.Scheduler.Next() is Decision.Start start
                ? [proposed with { Bracket = start.Bracket, Configuration = state.Plan.Sampler.Propose(group.History).Configuration }]
                : [];
        }
        catch (UnsatisfiableSpaceException)
        {
            return [];
        }
    }

    /// <summary>Releases without tokens took reports without one.</summary>
    private static LeaseToken TokenOf(StudyState state, TrialId trial) =>
        state.Trial(trial).Segments is [.., { Token: { } token }] ? token : default;

    private static IReadOnlyList<StudyEvent> Events(ReportDecision decision) =>
        decision is ReportDecision.Record record ? record.Events : [];
}
