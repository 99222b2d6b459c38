using TuneGrid.Coordination;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;
using TuneGrid.Silo.Segments;

namespace TuneGrid.Cli.Views;

/// <summary>A point of the curve of the best score so far.</summary>
internal sealed record BestPoint(DateTimeOffset At, TrialView Trial, SegmentResult Result);

/// <param name="Amount">In budget units.</param>
/// <param name="Entered">Trials that were sent to this rung.</param>
/// <param name="Promoted">Trials that went on from it.</param>
/// <param name="Disturbed">Trials whose score there came from a disturbed silo.</param>
internal sealed record RungView(double Amount, int Entered, int Promoted, int Disturbed);

/// <summary>A study as people see it: what its ledger tells, counted for views and tables. It decides nothing.</summary>
internal sealed class StudyView(StudyId id)
{
    private readonly SortedDictionary<TrialId, TrialView> _trials = [];
    private readonly Dictionary<SiloId, Presence> _silos = [];

    public StudyId Id => id;

    public long Sequence { get; private set; }

    public StudyStatus Status { get; private set; } = StudyStatus.Running;

    public SearchSpace? Space { get; private set; }

    public CorpusReference? Corpus { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset ChangedAt { get; private set; }

    public IReadOnlyCollection<TrialView> Trials => _trials.Values;

    public int Failed => _trials.Values.Count(t => t.Status == TrialStatus.Failed);

    public List<BestPoint> Best { get; } = [];

    /// <summary>The hardware classes that trained here, the one with the most trials first.</summary>
    public IReadOnlyList<HardwareClass> Classes =>
        [.. _trials.Values.GroupBy(t => t.Class).OrderByDescending(g => g.Count()).ThenBy(g => g.Key.Key, StringComparer.Ordinal).Select(g => g.Key)];

    public TrialView? Trial(TrialId trial) => _trials.GetValueOrDefault(trial);

    /// <summary>The best completed trial of a class.</summary>
    public TrialView? Champion(HardwareClass hardware) => _trials.Values
        .Where(t => t.Class == hardware && t is { Status: TrialStatus.Completed, Result: not null } && double.IsFinite(t.Result.BitsPerByte))
        .MinBy(t => t.Result!.BitsPerByte);

    /// <summary>Every rung there is, lowest first, with how many trials of the class came and went on.</summary>
    public IReadOnlyList<RungView> Rungs(HardwareClass? hardware)
    {
        var planned = Space is null ? [] : Schedulers.Create(Space).Brackets.SelectMany(b => b.Rungs);
        var visits = _trials.Values.Where(t => hardware is null || t.Class == hardware)
            .SelectMany(t => t.Rungs.Select(r => (Amount: r.Value, Promoted: t.PromotedFrom.Contains(r.Key), Disturbed: t.DisturbedAt.Contains(r.Key))))
            .ToLookup(v => v.Amount);
        return
        [
            .. planned.Concat(visits.Select(v => v.Key)).Distinct().Order()
                .Select(a => new RungView(a, visits[a].Count(), visits[a].Count(v => v.Promoted), visits[a].Count(v => v.Disturbed))),
        ];
    }

    /// <summary>The share of their time in this study, since each one's first lease, that silos had a segment in hand.</summary>
    public double BusyFraction(DateTimeOffset now)
    {
        var end = Status == StudyStatus.Running ? now : ChangedAt;
        var running = _trials.Values.Where(t => t.Status == TrialStatus.Running).Sum(t => (end - t.LeasedAt).TotalSeconds);
        var there = _silos.Values.Sum(s => ((s.LeftAt ?? end) - s.First).TotalSeconds);
        return there > 0 ? Math.Clamp((_silos.Values.Sum(s => s.Busy.TotalSeconds) + running) / there, 0, 1) : 0;
    }

    /// <summary>From its creation to its end, or to now while it runs.</summary>
    public double WallSeconds(DateTimeOffset now) => ((Status == StudyStatus.Running ? now : ChangedAt) - CreatedAt).TotalSeconds;

    /// <returns>The view, or null if the ledger has nothing about the study.</returns>
    public static async Task<StudyView?> ReadAsync(IStudyStore store, StudyId id, CancellationToken cancellation)
    {
        var view = new StudyView(id);
        await view.CatchUpAsync(store, cancellation);
        return view.Sequence > 0 ? view : null;
    }

    /// <summary>Reads what is new, and answers it.</summary>
    public async Task<IReadOnlyList<RecordedEvent>> CatchUpAsync(IStudyStore store, CancellationToken cancellation)
    {
        var news = await store.ReadAsync(id, Sequence, cancellation);
        foreach (var recorded in news)
            Apply(recorded);
        return news;
    }

    public void Apply(RecordedEvent recorded)
    {
        Sequence = recorded.Sequence;
        ChangedAt = recorded.Event.At;
        switch (recorded.Event)
        {
            case StudyCreated created:
                CreatedAt = created.At;
                Corpus = created.Corpus;
                Space = SearchSpaceReader.Read(created.Space, id.Value, TrainingParameterCatalog.Instance, []).Space;
                break;
            case TrialProposed proposed:
                _trials[proposed.Trial] = new(proposed.Trial, proposed.Class, proposed.Bracket, proposed.Configuration);
                break;
            case StudyCompleted:
                Status = StudyStatus.Completed;
                break;
            case StudyCancelled:
                Status = StudyStatus.Cancelled;
                break;
            default:
                ApplyToTrial(recorded.Event);
                break;
        }
    }

    private void ApplyToTrial(StudyEvent happened)
    {
        switch (happened)
        {
            case SegmentLeased leased when Trial(leased.Trial) is { } trial:
                (trial.Status, trial.Silo, trial.Rung, trial.LeasedAt) = (TrialStatus.Running, leased.Silo, leased.Rung, leased.At);
                trial.Segments++;
                trial.Rungs[leased.Rung] = leased.ToAmount;
                _silos[leased.Silo] = _silos.TryGetValue(leased.Silo, out var before) ? before with { LeftAt = null } : new(leased.At, TimeSpan.Zero, null);
                break;
            case RungReached reached when Trial(reached.Trial) is { } trial:
                Release(trial, reached.At, TrialStatus.Paused);
                trial.Result = reached.Result;
                if (reached.Result.Joules is { } joules)
                    trial.Joules = (trial.Joules ?? 0) + joules;
                if (reached.Result.Disturbed)
                    trial.DisturbedAt.Add(reached.Rung);
                Improve(trial, reached.At, reached.Result);
                break;
            case TrialPaused paused when Trial(paused.Trial) is { } trial:
                Release(trial, paused.At, TrialStatus.Waiting, isLeaving: true);
                break;
            case LeaseExpired expired when Trial(expired.Trial) is { } trial:
                Release(trial, expired.At, TrialStatus.Waiting, isLeaving: true);
                break;
            case CheckpointLost lost when Trial(lost.Trial) is { } trial:
                Release(trial, lost.At, TrialStatus.Waiting);
                break;
            case SegmentDisturbed disturbed when Trial(disturbed.Trial) is { } trial:
                Release(trial, disturbed.At, TrialStatus.Waiting);
                trial.Reruns++;
                break;
            case TrialPromoted promoted when Trial(promoted.Trial) is { } trial:
                trial.PromotedFrom.Add(promoted.ToRung - 1);
                (trial.Status, trial.Rung) = (TrialStatus.Waiting, promoted.ToRung);
                break;
            case TrialFailed failed when Trial(failed.Trial) is { } trial:
                Release(trial, failed.At, TrialStatus.Failed);
                trial.Failure = $"{failed.Kind.ToString().ToLowerInvariant()}: {failed.Reason}";
                break;
            case TrialCompleted completed when Trial(completed.Trial) is { } trial:
                Release(trial, completed.At, TrialStatus.Completed);
                trial.Result = completed.Result;
                Improve(trial, completed.At, completed.Result);
                break;
        }
    }

    /// <param name="isLeaving">A silo that paused or fell silent is gone, until it takes another lease.</param>
    private void Release(TrialView trial, DateTimeOffset at, TrialStatus next, bool isLeaving = false)
    {
        if (trial is { Status: TrialStatus.Running, Silo: { } silo } && _silos.TryGetValue(silo, out var time))
            _silos[silo] = time with { Busy = time.Busy + (at - trial.LeasedAt), LeftAt = isLeaving ? at : null };
        (trial.Status, trial.Silo) = (next, null);
    }

    private void Improve(TrialView trial, DateTimeOffset at, SegmentResult result)
    {
        if (double.IsFinite(result.BitsPerByte) && (Best.Count == 0 || result.BitsPerByte < Best[^1].Result.BitsPerByte))
            Best.Add(new(at, trial, result));
    }

    /// <param name="Busy">With a segment in hand, those that run now aside.</param>
    private sealed record Presence(DateTimeOffset First, TimeSpan Busy, DateTimeOffset? LeftAt);
}
