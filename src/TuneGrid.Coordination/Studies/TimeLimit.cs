using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Reading;
using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;

namespace TuneGrid.Coordination.Studies;

/// <summary>
/// The end of a study whose space limits its time, seen from one class at the moment of one decision. No trial starts and none is promoted
/// that can't reach its rung in time; the ones that run go to their rung. Proposals end while the leader can still be trained for the whole
/// budget, and if the scheduler keeps it waiting for too long it goes on out of turn. Pure: it compares the moment with the times that
/// stand in the ledger.
/// </summary>
internal sealed class TimeLimit
{
    private readonly StudyState _state;
    private readonly ClassState _group;
    private readonly DateTimeOffset _now;
    private readonly TimeSpan _length;

    private TimeLimit(StudyState state, ClassState group, DateTimeOffset now, TimeSpan length) =>
        (_state, _group, _now, _length) = (state, group, now, length);

    private double SecondsLeft => (_state.Created.At + _length - _now).TotalSeconds;

    /// <summary>Returns the limit as it is now; null for a study without one.</summary>
    public static TimeLimit? Of(StudyState state, ClassState group, DateTimeOffset now) =>
        state.Space.StopAfter is { } length ? new(state, group, now, length) : null;

    /// <summary>Returns whether a study's time is over.</summary>
    public static bool IsOver(StudyState state, DateTimeOffset now) =>
        state.Space.StopAfter is { } length && now >= state.Created.At + length;

    /// <summary>Returns whether a trial that waits for a silo can reach its rung in time if it runs at once.</summary>
    public bool CanGoOn(Trial trial) => CanEnd(trial, ((TrialPhase.Ready)trial.Phase).ToRung);

    /// <summary>Whether a trial can be trained for the whole budget at once in time.</summary>
    public bool CanRepeat => Estimate(_state.Space.Budget.Amount) <= SecondsLeft;

    /// <summary>Returns whether the trial can reach the rung in time if it runs at once.</summary>
    private bool CanEnd(Trial trial, int toRung) => Seconds(trial, toRung) <= SecondsLeft;

    /// <summary>Returns the event that the limit makes of what the scheduler wants; null if it makes none.</summary>
    public StudyEvent? Ends(Decision next)
    {
        if (next is Decision.Start start && !CanStart(_group.Brackets[start.Bracket]))
            return new ProposalsEnded(_now, _group.Class, $"its time is nearly over ({Length})");
        return IsDone(next)
            ? new TimeLimitReached(_now, _group.Class, $"its time is over ({Length}): no trial that is left can reach its next rung")
            : null;
    }

    /// <summary>
    /// Returns what is to be done of what the scheduler wants, after <see cref="Ends"/>: it, nothing, or to let the leader go.
    /// </summary>
    public Decision Restrict(Decision next)
    {
        if (next is Decision.Promote promote ? CanPromote(promote) : next is Decision.Start || !IsLate())
            return next;
        return Leader() is { Phase: TrialPhase.AtRung at } leader && !HasChampion() && Climb(leader) <= SecondsLeft
            ? new Decision.Promote(leader.Id, at.Rung + 1, OutOfTurn(leader, at.Rung))
            : new Decision.Wait();
    }

    private string Length => Durations.Text(_length);

    private bool CanStart(Bracket bracket)
    {
        var first = Estimate(bracket.Rungs[0]);
        if (first > SecondsLeft)
            return false;
        // Most decisions end here: whatever leads, there is time for it.
        if (first + _group.Brackets.Max(b => Climb(b.Rungs, 0, 0)) <= SecondsLeft)
            return true;
        return !Delays(Leader(), first);
    }

    private bool CanPromote(Decision.Promote promote)
    {
        var trial = _state.Trial(promote.Trial);
        return CanEnd(trial, promote.ToRung)
            && (Leader() is not { } leader || leader == trial || !Delays(leader, Seconds(trial, promote.ToRung)));
    }

    /// <summary>Returns whether so many seconds spent on another would take from the leader the time for the whole budget.</summary>
    private bool Delays(Trial? leader, double seconds)
    {
        // One that runs goes on without this silo; and what can't be had in any case is no reason to do nothing.
        if (leader is not { Phase: TrialPhase.AtRung } || HasChampion())
            return false;
        var climb = Climb(leader);
        return climb <= SecondsLeft && seconds + climb > SecondsLeft;
    }

    /// <summary>Returns whether the leader can wait for none of those that run now.</summary>
    private bool IsLate()
    {
        if (_group.Running.Count == 0 || Leader() is not { Phase: TrialPhase.AtRung } leader)
            return false;
        var longest = _group.Running.Max(SecondsToGo);
        return longest + Climb(leader) > SecondsLeft;
    }

    /// <summary>Nothing runs, and nothing that is left can end in time.</summary>
    private bool IsDone(Decision next) =>
        !_group.IsTimeOver && _group.Running.Count == 0 && !_group.Ready.Select(_state.Trial).Any(CanGoOn)
        && next switch
        {
            Decision.Start => false,
            Decision.Promote promote => Restrict(promote) is not Decision.Promote,
            _ => _group.Ready.Count > 0 || (_group.Finalists.Due is not null && !CanRepeat),
        };

    /// <summary>The best of those that have come furthest and may still go on; the control goes on by itself.</summary>
    private Trial? Leader()
    {
        Trial? leader = null;
        var (highest, best) = (0.0, 0.0);
        foreach (var trial in _state.Trials)
        {
            var rung = Highest(trial);
            if (rung < 0 || trial.IsOver || trial.Class != _group.Class || trial.Id == _group.Control || trial.RepeatOf is not null)
                continue;
            var (amount, score) = (trial.Bracket.Rungs[rung], trial.Rungs[rung]!.BitsPerByte);
            if (leader is null || amount > highest || (amount.Equals(highest) && score < best))
                (leader, highest, best) = (trial, amount, score);
        }
        return leader;
    }

    private static int Highest(Trial trial)
    {
        var rung = trial.Rungs.Count - 1;
        while (rung >= 0 && trial.Rungs[rung] is null)
            rung--;
        return rung;
    }

    private bool HasChampion() => _state.Trials.Any(
        t => t.Class == _group.Class && t.Phase is TrialPhase.Completed && t.Id != _group.Control);

    private PromotionReason OutOfTurn(Trial leader, int rung)
    {
        var others = _state.Trials.Where(t => t.Class == _group.Class && t.Bracket.Index == leader.Bracket.Index && t.Id != _group.Control)
            .Select(t => t.Rungs[rung]?.BitsPerByte).OfType<double>().ToList();
        var score = leader.Rungs[rung]!.BitsPerByte;
        return new(rung, score, others.Count(s => s < score), others.Count, score) { OutOfTurn = true };
    }

    /// <summary>The seconds from where the trial goes on to a rung.</summary>
    private double Seconds(Trial trial, int toRung)
    {
        var amount = Math.Max(0, trial.Bracket.Rungs[toRung] - (trial.LastCheckpoint?.Amount ?? 0));
        // A step of a large model takes longer than one of a small one: its own pace says more than the class's.
        var own = new SegmentTimes();
        if (_state.Space.Budget.Kind != BudgetKind.Seconds)
        {
            foreach (var segment in trial.Segments.Where(s => s.End == SegmentEnd.Reached))
                own.Add(segment.Result!.Amount - segment.FromAmount, (segment.EndedAt!.Value - segment.StartedAt).TotalSeconds);
        }
        return Math.Max(Estimate(amount), own.Estimate(_state.Space.Budget.Kind, own.IsEmpty ? 0 : amount));
    }

    private double SecondsToGo(TrialId id)
    {
        var segment = _state.Trial(id).Segments[^1];
        return Math.Max(0, Estimate(segment.ToAmount - segment.FromAmount) - (_now - segment.StartedAt).TotalSeconds);
    }

    /// <summary>The seconds from the rung where the trial stands to the whole budget.</summary>
    private double Climb(Trial trial)
    {
        var at = ((TrialPhase.AtRung)trial.Phase).Rung;
        return Seconds(trial, at + 1) + Climb(trial.Bracket.Rungs, at + 2, trial.Bracket.Rungs[at + 1]);
    }

    private double Climb(IReadOnlyList<double> rungs, int next, double from)
    {
        var seconds = 0.0;
        for (var rung = next; rung < rungs.Count; rung++)
            (seconds, from) = (seconds + Estimate(rungs[rung] - from), rungs[rung]);
        return seconds;
    }

    private double Estimate(double amount) => _group.Times.Estimate(_state.Space.Budget.Kind, amount);
}
