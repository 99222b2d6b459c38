using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;

namespace TuneGrid.Coordination.Replaying;

/// <summary>
/// Lets the <see cref="Coordinator"/> run a study once more under other rules, on a clock of its own, with the recorded trials in the place
/// of training: as many silos as trained at once, and none of them ever disturbed. Repeats of finalists are left out.
/// </summary>
public sealed class WhatIf
{
    private static readonly LeaseToken Token = new("what-if");
    private readonly StudyState _recorded;
    private readonly HardwareClass _class;
    private readonly RecordedOutcomes _outcomes;
    private readonly RecordedSampler _sampler;
    private readonly StudyState _state;
    private readonly SortedDictionary<(TrialId Trial, double Amount), double?> _needed = [];

    // Per proposed trial that is no repeat, by its number: the recorded one that it stands for, or -1.
    private readonly Dictionary<TrialId, int> _standsFor = [];
    private double _seconds;
    private double _now;

    private WhatIf(StudyState recorded, HardwareClass hardware, SearchPlan plan)
    {
        (_recorded, _class, _outcomes) = (recorded, hardware, new(recorded, hardware));
        var isOther = plan.Space.Sampler != recorded.Space.Sampler;
        _sampler = new([.. _outcomes.Trials.Select(t => t.Configuration)], isOther ? plan.Sampler : null, plan.Space);
        // What repeats of other finalists would have scored, nobody knows.
        var rules = plan with { Space = plan.Space with { Finalists = null }, Sampler = _sampler, MemoryBytes = (_, _) => 0 };
        _state = new(recorded.Id, _ => rules);
        var added = _outcomes.Trials.Where(t => t.Why?.By == Proposals.Enqueued).Select(t => new TrialEnqueued(Now, t.Configuration));
        Append([recorded.Created, .. recorded.WarmStarts, .. added]);
        if (recorded.Space.Trials > plan.Space.Trials)
            Append([new StudyExtended(Now, recorded.Space.Trials)]);
    }

    /// <summary>Returns what would have come of each hardware class of a study.</summary>
    /// <param name="recorded">The study as it is.</param>
    /// <param name="plan">Its space under the other rules.</param>
    public static IReadOnlyList<WhatIfReport> Run(StudyState recorded, SearchPlan plan) =>
        [.. recorded.Classes.Select(c => new WhatIf(recorded, c.Class, plan).Run())];

    private WhatIfReport Run()
    {
        var idle = new SortedSet<int>(Enumerable.Range(0, _outcomes.Silos));
        var busy = new PriorityQueue<(int Silo, WorkDecision.Run Run, SegmentOutcome Outcome), (double At, long Fence)>();
        while (true)
        {
            foreach (var silo in idle.ToList())
            {
                if (Ask(silo) is not { } run)
                    continue;
                idle.Remove(silo);
                var (outcome, seconds) = Train(run);
                _seconds += seconds;
                busy.Enqueue((silo, run, outcome), (_now + seconds, run.Fence.Value));
            }
            if (!busy.TryDequeue(out var ended, out var end))
                return Report();
            _now = end.At;
            if (Coordinator.Report(_state, ended.Run.Trial, ended.Run.Fence, Token, ended.Outcome, Now) is ReportDecision.Record record)
                Append(record.Events);
            idle.Add(ended.Silo);
        }
    }

    private DateTimeOffset Now => _recorded.Created.At.AddSeconds(Math.Min(_now, 1e9));

    private WorkDecision.Run? Ask(int silo)
    {
        var offer = new WorkOffer(
            new(FormattableString.Invariant($"silo-{silo}")), _class, Now, TimeSpan.Zero, [],
            new Dictionary<HardwareClass, long> { [_class] = long.MaxValue }, Token);
        while (true)
        {
            var decision = Coordinator.Decide(_state, offer);
            Append(decision.Events);
            if (decision is not WorkDecision.Record)
                return decision as WorkDecision.Run;
        }
    }

    /// <summary>What the recorded trial tells of the segment, and how many training seconds that takes.</summary>
    private (SegmentOutcome Outcome, double Seconds) Train(WorkDecision.Run run)
    {
        var segment = _state.Trial(run.Trial).Segments[^1];
        var index = IndexOf(_state.Trial(run.Trial));
        if (index < 0)
            return (new SegmentOutcome.Failed(FailureKind.Cancelled, "it was never proposed"), 0);
        var rate = _outcomes.SecondsPerUnit(index);
        if (_outcomes.At(index, segment.ToAmount) is not { } score)
        {
            _needed[(_outcomes.Trials[index].Id, segment.ToAmount)] = null;
            return (new SegmentOutcome.Failed(FailureKind.Cancelled, "nothing is known of it"), 0);
        }
        if (double.IsNaN(score.Score))
        {
            // It failed somewhere on the way.
            var failed = Math.Clamp(_outcomes.KnownUpTo(index) - segment.FromAmount, 0, segment.ToAmount - segment.FromAmount);
            return (new SegmentOutcome.Failed(FailureKind.Diverged, "as recorded"), failed * rate);
        }
        if (!score.IsKnown)
            _needed[(_outcomes.Trials[index].Id, segment.ToAmount)] = score.Score;
        var nothing = new ArtifactHash("");
        var result = new SegmentResult(
            score.Score, 1, segment.ToAmount, segment.ToAmount * rate, 0, 0, 0, 0, 0, nothing, nothing);
        return (new SegmentOutcome.Reached(result), (segment.ToAmount - segment.FromAmount) * rate);
    }

    /// <summary>The recorded trial that one stands for; a repeat stands for what it repeats.</summary>
    private int IndexOf(Trial trial)
    {
        if (!_standsFor.ContainsKey(trial.RepeatOf ?? trial.Id))
        {
            var own = _state.Trials.Where(t => t.RepeatOf is null).ToList();
            foreach (var (proposed, index) in own.Zip(_sampler.Match(own.Select(t => t.Configuration))))
                _standsFor[proposed.Id] = index;
        }
        return _standsFor[trial.RepeatOf ?? trial.Id];
    }

    private WhatIfReport Report()
    {
        var trials = _state.Trials.Where(t => t.RepeatOf is null && IndexOf(t) >= 0).ToList();
        var best = _state.Champions.TryGetValue(_class, out var other) ? other : null;
        var champion = _recorded.Champions.TryGetValue(_class, out var own) ? own.Trial : (TrialId?)null;
        var its = trials.Find(t => RecordedId(t) == champion);
        var stoppedAt = its is { Phase: not TrialPhase.Completed, Segments: [.., { } last] } ? last.ToAmount : (double?)null;
        var took = _outcomes.Trials.Select(
            (t, i) => _outcomes.SecondsPerUnit(i) * (t.Rungs.LastOrDefault(r => r is not null)?.Amount ?? 0));
        return new(
            _class, _outcomes.Silos, trials.Count, trials.Count(t => !_sampler.Inexact.Contains(IndexOf(t))), [.. Rungs(trials)],
            _seconds, took.Sum(), _now, best is null ? null : RecordedId(_state.Trial(best.Trial)), best?.Result.BitsPerByte, champion,
            its?.Phase is TrialPhase.Completed, stoppedAt,
            [.. _needed.Select(n => new NeededScore(n.Key.Trial, n.Key.Amount, n.Value))]);
    }

    private TrialId RecordedId(Trial trial) => _outcomes.Trials[IndexOf(trial)].Id;

    private IEnumerable<WhatIfRung> Rungs(List<Trial> trials)
    {
        var recorded = _outcomes.Trials.SelectMany(t => t.Segments.Where(s => s.Rung > 0)
            .Select(s => (Amount: t.Bracket.Rungs[s.Rung - 1], t.Id))).Distinct().ToLookup(p => p.Amount, p => p.Id);
        var there = _outcomes.Trials.SelectMany(t => t.Bracket.Rungs).ToHashSet();
        foreach (var amount in trials.SelectMany(t => t.Bracket.Rungs).Distinct().Order())
        {
            var entered = trials.Where(t => t.Segments.Any(s => s.ToAmount.Equals(amount))).ToList();
            var on = entered.Where(t => t.Segments.Any(s => s.ToAmount > amount)).Select(RecordedId).Order().ToList();
            var stopped = entered.Where(t => t.Phase is TrialPhase.AtRung at && t.Bracket.Rungs[at.Rung].Equals(amount)).Select(RecordedId);
            yield return new(
                amount, entered.Count, on, [.. stopped.Order()], there.Contains(amount) ? [.. recorded[amount].Order()] : null);
        }
    }

    private void Append(IEnumerable<StudyEvent> events)
    {
        foreach (var change in events)
            _state.Apply(new(_state.Sequence + 1, change));
    }
}
