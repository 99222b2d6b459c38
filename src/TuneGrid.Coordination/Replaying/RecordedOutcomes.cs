using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Numerics;
using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;

namespace TuneGrid.Coordination.Replaying;

/// <summary>What a recorded trial scored, or would have, after some amount of training.</summary>
/// <param name="Score">NaN for one that failed by then.</param>
/// <param name="IsKnown">False for a guess: it never ran that far.</param>
internal readonly record struct RecordedScore(double Score, bool IsKnown);

/// <summary>What a study's ledger says of its trials of one hardware class, at any amount of training. Repeats are left out.</summary>
internal sealed class RecordedOutcomes
{
    private readonly List<KnownCurve> _known;

    public RecordedOutcomes(StudyState state, HardwareClass hardware)
    {
        Trials = [.. state.Trials.Where(t => t.Class == hardware && t.RepeatOf is null)];
        var rates = Trials.Select(RateOf).Where(r => r > 0).Order().ToList();
        var typical = rates.Count > 0 ? rates[rates.Count / 2] : state.Space.Budget.Kind == BudgetKind.Seconds ? 1 : 0;
        _known = [.. Trials.Select(t => new KnownCurve(t, typical))];
        Silos = MostAtOnce(Trials);
    }

    /// <summary>In the order of proposal.</summary>
    public IReadOnlyList<Trial> Trials { get; }

    /// <summary>How many silos trained at the same time at most; at least 1.</summary>
    public int Silos { get; }

    /// <summary>Returns the training seconds that a trial takes per unit of the budget.</summary>
    public double SecondsPerUnit(int index) => _known[index].Rate;

    /// <summary>Returns the amount up to which a trial's outcome is known: its failure, if it failed by its own fault.</summary>
    public double KnownUpTo(int index) => _known[index].Last?.Amount ?? 0;

    /// <summary>
    /// Returns a trial's score at an amount: as recorded, between two recorded ones on a logarithmic scale, or guessed from how the others
    /// went on from where it ends; null if there is nothing to guess from.
    /// </summary>
    public RecordedScore? At(int index, double amount)
    {
        var known = _known[index];
        if (known.Between(amount) is { } score)
            return new(score, true);
        if (known.FailsBeyondLast)
            return new(double.NaN, true);
        var others = _known.Where(k => k != known).Select(k => (At: k.Between(amount), From: known.Last is { } l ? k.Between(l.Amount) : 0))
            .Where(o => o.At is not null && o.From is not null).Select(o => o.At!.Value - o.From!.Value).Order().ToList();
        if (known.Last is not { } last)
            return others.Count > 0 ? new(others[others.Count / 2], false) : null;
        return new(last.Score + (others.Count > 0 ? others[others.Count / 2] : 0), false);
    }

    private static double RateOf(Trial trial) =>
        trial.Rungs.LastOrDefault(r => r is not null) is { Amount: > 0 } result ? result.TrainingSeconds / result.Amount : 0;

    private static int MostAtOnce(IReadOnlyList<Trial> trials)
    {
        var changes = trials.SelectMany(t => t.Segments).Where(s => s.EndedAt is not null)
            .SelectMany(s => new[] { (At: s.StartedAt, By: 1), (At: s.EndedAt!.Value, By: -1) })
            .OrderBy(c => c.At).ThenBy(c => c.By);
        var (now, most) = (0, 1);
        foreach (var change in changes)
            most = Math.Max(most, now += change.By);
        return most;
    }

    private sealed class KnownCurve
    {
        private readonly List<(double Amount, double Score)> _points;

        public KnownCurve(Trial trial, double typicalRate)
        {
            var reached = trial.Rungs.Index().Where(r => r.Item is not null).ToList();
            _points =
            [
                .. reached.SelectMany(r => (r.Item!.Curve ?? []).Select(c => (c.Amount, c.Score)))
                    .Where(c => double.IsFinite(c.Score) && !trial.Bracket.Rungs.Contains(c.Amount))
                    .Concat(reached.Select(r => (trial.Bracket.Rungs[r.Index], r.Item!.BitsPerByte)))
                    .OrderBy(p => p.Item1),
            ];
            Rate = RateOf(trial) is > 0 and var rate ? rate : typicalRate;
            FailsBeyondLast = trial.Phase is TrialPhase.Failed { Kind: not (FailureKind.Crashed or FailureKind.Cancelled) };
        }

        public double Rate { get; }

        public bool FailsBeyondLast { get; }

        public (double Amount, double Score)? Last => _points.Count > 0 ? _points[^1] : null;

        public double? Between(double amount)
        {
            var above = _points.FindIndex(p => p.Amount >= amount * (1 - 1e-9));
            if (above < 0)
                return null;
            var (to, end) = _points[above];
            if (to <= amount * (1 + 1e-9))
                return end;
            if (above == 0)
                return null;
            var (from, start) = _points[above - 1];
            return start + ((end - start) * Elementary.Log(amount / from) / Elementary.Log(to / from));
        }
    }
}
