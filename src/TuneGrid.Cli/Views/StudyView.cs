using TuneGrid.Coordination;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Silos;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Reading;
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

/// <summary>A study as people see it: a projection of its folded state, counted for views and tables. It decides nothing.</summary>
internal sealed class StudyView
{
    private readonly StudyState _state;
    private readonly List<TrialView> _trials;

    /// <param name="state">Of a study that has been created.</param>
    public StudyView(StudyState state)
    {
        _state = state;
        _trials = [.. state.Trials.Select(t => new TrialView(t, state.IsOpen))];
        Status = state.Status;
        Best = [.. BestSoFar()];
    }

    public StudyId Id => _state.Id;

    /// <summary>As the ledger says, or as it is <see cref="Among"/> the silos.</summary>
    public StudyStatus Status { get; private init; }

    public SearchSpace Space => _state.Space;

    public CorpusReference Corpus => _state.Created.Corpus;

    public DateTimeOffset CreatedAt => _state.Created.At;

    public DateTimeOffset ChangedAt => _state.Summary.ChangedAt;

    /// <summary>By number, the repeats of finalists among them.</summary>
    public IReadOnlyList<TrialView> Trials => _trials;

    /// <summary>Those that are nobody's repeat: what the space asks for.</summary>
    public IEnumerable<TrialView> Own => _trials.Where(t => t.RepeatOf is null);

    public int Failed => _state.Failed;

    /// <summary>Each result that was better than all before it, oldest first.</summary>
    public IReadOnlyList<BestPoint> Best { get; }

    /// <summary>The hardware classes that trained here, the one with the most trials first.</summary>
    public IReadOnlyList<HardwareClass> Classes =>
    [
        .. _trials.GroupBy(t => t.Class)
            .OrderByDescending(g => g.Count()).ThenBy(g => g.Key.Key, StringComparer.Ordinal).Select(g => g.Key),
    ];

    /// <summary>Returns null if there is none of that number.</summary>
    public TrialView? Trial(TrialId trial) => trial.Number >= 0 && trial.Number < _trials.Count ? _trials[trial.Number] : null;

    /// <summary>Returns the champion of a class, or null.</summary>
    public ChampionView? Champion(HardwareClass hardware) =>
        _state.Champions.TryGetValue(hardware, out var best) ? new(best, _trials[best.ModelTrial.Number]) : null;

    /// <summary>Why a class got fewer trials than the study asked for, or null.</summary>
    public string? ProposalsEnded(HardwareClass hardware) => _state.Classes.FirstOrDefault(c => c.Class == hardware)?.ProposalsEnded;

    /// <summary>Returns whether a class has no champion because the study's time was over.</summary>
    public bool WasTooShort(HardwareClass hardware) =>
        Space.StopAfter is not null && ProposalsEnded(hardware) is not null && Champion(hardware) is null;

    /// <summary>
    /// Returns every rung there is, lowest first, with how many trials of the class came and went on; repeats are in none.
    /// </summary>
    public IReadOnlyList<RungView> Rungs(HardwareClass? hardware)
    {
        var planned = _state.Plan.CreateScheduler().Brackets.SelectMany(b => b.Rungs);
        var visits = Own.Where(t => hardware is null || t.Class == hardware).SelectMany(t => t.Visits).ToLookup(v => v.Amount);
        return
        [
            .. planned.Concat(visits.Select(v => v.Key)).Distinct().Order()
                .Select(a => new RungView(a, visits[a].Count(), visits[a].Count(v => v.Promoted), visits[a].Count(v => v.Disturbed))),
        ];
    }

    /// <summary>Returns the share of their time in this study, since each one's first lease, that silos had a segment in hand.</summary>
    public double BusyFraction(DateTimeOffset now)
    {
        var end = _state.IsOpen ? now : ChangedAt;
        var (busy, there) = (0.0, 0.0);
        foreach (var silo in _state.Trials.SelectMany(t => t.Segments).GroupBy(s => s.Silo))
        {
            var last = silo.MaxBy(s => s.Fence.Value)!;
            // A silo that paused or fell silent is gone, until it takes another lease.
            var left = last.End is SegmentEnd.Paused or SegmentEnd.Expired ? last.EndedAt ?? end : end;
            there += (left - silo.Min(s => s.StartedAt)).TotalSeconds;
            busy += silo.Sum(s => ((s.EndedAt ?? end) - s.StartedAt).TotalSeconds);
        }
        return there > 0 ? Math.Clamp(busy / there, 0, 1) : 0;
    }

    /// <summary>Returns the seconds from its creation to its end, or to now while it is open.</summary>
    public double WallSeconds(DateTimeOffset now) => ((_state.IsOpen ? now : ChangedAt) - CreatedAt).TotalSeconds;

    /// <summary>Returns the view of a study, or null if the store does not know it.</summary>
    public static async Task<StudyView?> ReadAsync(IStudyStore store, StudyId id, CancellationToken cancellation)
    {
        var follower = new StudyFollower(store, id, SpacePlanner.Read);
        await follower.RefreshAsync(cancellation);
        return follower.State.Sequence > 0 ? new(follower.State) : null;
    }

    /// <summary>Returns the view with the status as people mean it: a running study that no silo serves is paused.</summary>
    /// <param name="now">The store's clock.</param>
    /// <param name="timeToLive">How long a silo counts as alive after its last word.</param>
    public StudyView Among(IEnumerable<SiloRow> silos, DateTimeOffset now, TimeSpan timeToLive) =>
        new(_state) { Status = _state.Summary.StatusAmong(silos, now, timeToLive) };

    private IEnumerable<BestPoint> BestSoFar()
    {
        // A repeat that was lucky has shown nothing new of its configuration.
        var reached = _state.Trials.Where(t => t.RepeatOf is null)
            .SelectMany(t => t.Segments.Where(s => s is { End: SegmentEnd.Reached, Result: not null })
                .Select(s => (Trial: t.Id, Segment: s)));
        var best = double.PositiveInfinity;
        foreach (var (trial, segment) in reached.OrderBy(r => r.Segment.EndedAt).ThenBy(r => r.Segment.Fence.Value))
        {
            if (!(segment.Result!.BitsPerByte < best))
                continue;
            best = segment.Result.BitsPerByte;
            yield return new(segment.EndedAt!.Value, _trials[trial.Number], segment.Result);
        }
    }
}
