using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Analysis;
using TuneGrid.Search.Observations;
using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;

namespace TuneGrid.Coordination.Studies;

/// <summary>
/// The trials of one hardware class that saw the whole budget: who of them runs again once nothing else is to be done, and whose
/// configuration is the champion. Repeats belong to no rung of the scheduler: they are proposed for the whole budget at once. One that
/// fails is not tried again. A fold, like its class; not thread-safe.
/// </summary>
internal sealed class Finalists(FinalistSpec? spec)
{
    // The header lists them: a study in which hundreds can't be told apart needs no list.
    private const int MostTies = 16;

    /// <summary>Trials of their own, best first; of equals the one that finished first.</summary>
    private readonly SortedSet<FullRun> _completed = [];
    private readonly Dictionary<TrialId, RepeatedTrial> _repeats = [];
    private ClassNoise? _noise;
    private TrialId? _control;
    private FullRun? _controlRun;

    /// <summary>
    /// Who runs again, or would: the best, and the control beside them, which must not go unmeasured for the bad luck of one seed.
    /// </summary>
    public IEnumerable<Trial> Chosen
    {
        get
        {
            var best = _completed.Take(spec?.Count ?? 1).Select(r => r.Trial);
            return spec is not null && _controlRun is { } control ? best.Append(control.Trial).Distinct() : best;
        }
    }

    /// <summary>The trial whose configuration should run again next; null if each has been proposed as often as the space says.</summary>
    public Trial? Due => spec is not null && Chosen.MinBy(Proposed) is { } next && Proposed(next) < spec.Repeats ? next : null;

    /// <summary>Returns whether the trial is among the chosen, or a repeat of one: its model may yet be the one that is kept.</summary>
    public bool MayBeKept(Trial trial) => Chosen.Any(t => t.Id == (trial.RepeatOf ?? trial.Id));

    /// <summary>A trial of this class was proposed.</summary>
    /// <param name="isControl">Whether the others are measured against it; the last one that was counts.</param>
    public void Propose(Trial trial, bool isControl)
    {
        if (isControl)
            (_control, _controlRun) = (trial.Id, null);
        if (trial.RepeatOf is not { } original)
            return;
        if (!_repeats.TryGetValue(original, out var repeats))
            _repeats.Add(original, repeats = new(_completed.First(r => r.Trial.Id == original)));
        repeats.Proposed++;
    }

    /// <summary>A trial of this class saw the whole budget.</summary>
    /// <param name="history">Of the class, the trial's score in it.</param>
    /// <param name="unit">What amounts are counted in.</param>
    public void Complete(Trial trial, SegmentResult result, SearchHistory history, BudgetKind unit)
    {
        if (trial.RepeatOf is { } original)
        {
            _repeats[original].Runs.Add(new(trial, result, _repeats[original].Runs.Count));
            _noise = NoiseModel.Measure(history) is { Count: > 0 } measured ? new(unit, measured) : null;
            return;
        }
        var run = new FullRun(trial, result, _completed.Count);
        _completed.Add(run);
        if (trial.Id == _control)
            _controlRun = run;
    }

    /// <summary>
    /// Returns the champion so far; null before a trial has completed. Without repeats it is the best single run. Once there are some, a
    /// single run is no match for a mean, since the luckiest of many seeds is among them: only those that ran again are compared.
    /// </summary>
    public Champion? Champion(HardwareClass hardware)
    {
        var again = _repeats.Values.Where(r => r.Runs.Count > 1).OrderBy(r => r.Mean).ThenBy(r => r.Own.Order).ToList();
        if (PooledSpread.Of(again.Select(r => r.Scores)) is not { } spread)
            return _completed.Min is { } best ? new(hardware, best.Trial.Id, best.Trial.Configuration, best.Result) : null;
        var winner = again[0];
        var (own, mean, kept) = (winner.Own.Trial, winner.Mean, winner.Nearest);
        return new(hardware, own.Id, own.Configuration, kept.Result)
        {
            Mean = mean, Interval = spread.Around(mean, winner.Runs.Count), Repeats = winner.Runs.Count - 1,
            Ties = [.. Ties(again, spread).Take(MostTies)], Kept = kept.Trial == own ? null : kept.Trial.Id,
            Noise = _noise,
        };
    }

    /// <summary>Whose difference to the first of those that ran again may be chance: of the others, and of those that ran once.</summary>
    private IEnumerable<TrialId> Ties(List<RepeatedTrial> again, PooledSpread spread)
    {
        var (mean, runs) = (again[0].Mean, again[0].Runs.Count);
        var others = again.Skip(1).Where(r => spread.IsTie(mean, runs, r.Mean, r.Runs.Count)).Select(r => r.Own.Trial.Id);
        var singles = _completed.TakeWhile(r => r.Score <= mean || spread.IsTie(mean, runs, r.Score, 1))
            .Where(r => !_repeats.ContainsKey(r.Trial.Id) && spread.IsTie(mean, runs, r.Score, 1)).Select(r => r.Trial.Id);
        return others.Concat(singles);
    }

    private int Proposed(Trial trial) => _repeats.GetValueOrDefault(trial.Id)?.Proposed ?? 0;

    /// <param name="Order">Its place in the order of completion.</param>
    private sealed record FullRun(Trial Trial, SegmentResult Result, int Order) : IComparable<FullRun>
    {
        public double Score => Result.BitsPerByte;

        public int CompareTo(FullRun? other) => (Score, Order).CompareTo((other!.Score, other.Order));
    }

    /// <summary>A configuration that ran more than once, or is to.</summary>
    private sealed class RepeatedTrial(FullRun own)
    {
        public FullRun Own => own;

        public int Proposed { get; set; }

        /// <summary>Its own first.</summary>
        public List<FullRun> Runs { get; } = [own];

        public List<double> Scores => [.. Runs.Select(r => r.Score)];

        public double Mean => PooledSpread.Mean(Scores);

        /// <summary>The run whose score is nearest to the mean: what the configuration gives, neither lucky nor unlucky.</summary>
        public FullRun Nearest => Runs.MinBy(r => Math.Abs(r.Score - Mean))!;
    }
}
