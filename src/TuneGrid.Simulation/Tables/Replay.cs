using TuneGrid.Coordination;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Observations;
using TuneGrid.Search.Sampling;
using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;

namespace TuneGrid.Simulation.Tables;

/// <summary>
/// Searches a task in virtual time with the coordinator and the fold that real studies have: silos ask, train as long as the task says, and
/// report; every event is folded before the next decision. Only the silos' own machinery (stores, renewals, checkpoints) is left out.
/// </summary>
public sealed class Replay
{
    private static readonly HardwareClass Class = new("virtual");
    private static readonly Dictionary<HardwareClass, long> Living = new() { [Class] = long.MaxValue };
    private static readonly ArtifactHash NoArtifact = new(new string('0', 64));
    private readonly ISimulatedTask _task;
    private readonly ReplayOptions _options;
    private readonly StudyState _state;
    private readonly IReplayLog _log;
    private readonly double _budget;
    private readonly PriorityQueue<Action, (double At, long Order)> _agenda = new();
    private readonly List<ReplaySilo> _silos = [];
    private readonly List<ReplaySilo> _waiting = [];
    private readonly ReplayChurn _churn;
    private readonly Dictionary<TrialId, int> _points = [];
    private double _now;
    private long _order;

    private Replay(ISimulatedTask task, ReplayOptions options, IReplayLog log)
    {
        (_task, _options, _log) = (task, options, log);
        var space = ReplaySpace.Of(task, options);
        var sampler = task.Adapt(Samplers.Create(space, task.Catalog));
        var plan = new SearchPlan(space, () => Schedulers.Create(space), sampler);
        _state = new(new("simulated"), _ => plan);
        _budget = options.Trainings * task.MeanSeconds;
        _churn = new(options);
    }

    /// <summary>Searches until the budget is spent or the search has ended, and returns what was found.</summary>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="OperationCanceledException">It was ended early.</exception>
    public static ReplayReport Run(ISimulatedTask task, ReplayOptions options, CancellationToken cancellation = default) =>
        Run(task, options, null, cancellation);

    /// <summary>The same, and shows every event as it is folded.</summary>
    internal static ReplayReport Run(
        ISimulatedTask task, ReplayOptions options, Action<RecordedEvent>? hear, CancellationToken cancellation = default)
    {
        var budget = options.Trainings * task.MeanSeconds;
        var log = new RegretLog(task.Scale, [budget * 0.2, budget * 0.5, budget]);
        var state = Run(task, options, log, hear, cancellation);
        return new(task.Name, options.Seed, state.Summary.Trials, state.Failed, log.At(0), log.At(1), log.At(2))
        {
            Champion = ReplayChampion.Of(state, task),
        };
    }

    /// <summary>The same, for somebody who counts otherwise. Returns what became of the study.</summary>
    internal static StudyState Run(
        ISimulatedTask task, ReplayOptions options, IReplayLog log, Action<RecordedEvent>? hear, CancellationToken cancellation)
    {
        var replay = new Replay(task, options, log) { Hear = hear };
        replay.Run(cancellation);
        return replay._state;
    }

    private Action<RecordedEvent>? Hear { get; init; }

    private DateTimeOffset Clock => DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(_now);

    private void Run(CancellationToken cancellation)
    {
        Append([new StudyCreated(Clock, _task.Name, "", new("", ""), null)]);
        for (var i = 0; i < _options.Workers; i++)
            Join();
        if (_options.ChurnSeconds is { } every)
            At(every, () => ComeOrGo(every));
        while (_state.IsOpen && _agenda.TryDequeue(out var next, out var at) && at.At * _options.Workers <= _budget)
        {
            cancellation.ThrowIfCancellationRequested();
            _now = at.At;
            next();
        }
        // What was seen before the budget was spent counts, though its segment has not ended.
        foreach (var silo in _silos)
            Log(silo, _budget / _options.Workers);
    }

    private void At(double time, Action what) => _agenda.Enqueue(what, (time, _order++));

    private void Append(IEnumerable<StudyEvent> events)
    {
        foreach (var change in events)
        {
            var recorded = new RecordedEvent(_state.Sequence + 1, change);
            _state.Apply(recorded);
            Hear?.Invoke(recorded);
        }
    }

    private void Join()
    {
        var silo = _churn.Next();
        _silos.Add(silo);
        Ask(silo);
    }

    private void Ask(ReplaySilo silo)
    {
        while (_state.IsOpen)
        {
            var offer = new WorkOffer(silo.Id, Class, Clock, ReplayChurn.TimeToLive, _churn.Expired(_now), Living, silo.Token);
            var decision = Coordinator.Decide(_state, offer);
            Append(decision.Events);
            _churn.Release(decision.Leases);
            if (decision is WorkDecision.Run run)
            {
                Begin(silo, run);
                return;
            }
            if (decision.Events.Count > 0)
                continue;
            _waiting.Add(silo);
            return;
        }
    }

    private void Begin(ReplaySilo silo, WorkDecision.Run run)
    {
        var trial = _state.Trial(run.Trial);
        var leased = trial.Segments[^1];
        var (original, repeat) = Repeat(trial);
        var curve = _task.Train(trial.Configuration, original.Number, repeat);
        var from = _points.GetValueOrDefault(run.Trial, -1);
        var to = leased.Rung == trial.Bracket.Rungs.Length - 1 ? curve.Scores.Length - 1 : curve.PointAt(leased.ToAmount);
        var diverged = from < to ? Array.FindIndex(curve.Scores, from + 1, to - from, double.IsNaN) : -1;
        var work = new ReplaySegment(run.Trial, run.Fence, curve, from, diverged < 0 ? to : diverged, _now, silo.Speed);
        silo.Work = work;
        At(work.EndsAt, () => End(silo, work));
    }

    /// <summary>The trial that it repeats, and how often that had been repeated with it; itself and 0 for one of its own.</summary>
    private (TrialId Original, int Repeat) Repeat(Trial trial) => trial.RepeatOf is { } original
        ? (original, _state.Trials.Count(t => t.RepeatOf == original && t.Id.Number <= trial.Id.Number))
        : (trial.Id, 0);

    private void End(ReplaySilo silo, ReplaySegment work)
    {
        if (!silo.IsThere)
            return;
        Log(silo, double.PositiveInfinity);
        silo.Work = null;
        var outcome = Outcome(_state.Trial(work.Trial).Segments[^1], work);
        var report = Coordinator.Report(_state, work.Trial, work.Fence, silo.Token, outcome, Clock);
        Invariant.Holds(report is ReportDecision.Record { Objection: null }, $"the report of {work.Trial} counts: {report}");
        Append(((ReportDecision.Record)report).Events);
        _points[work.Trial] = work.To;
        Ask(silo);
        Wake();
    }

    private static SegmentOutcome Outcome(Segment leased, ReplaySegment work)
    {
        if (work.Diverges)
            return new SegmentOutcome.Failed(work.Curve.Failure, "its score is not a number");
        var (amount, curve) = (work.Curve.Amounts[work.To], work.Curve);
        var points = Enumerable.Range(work.From + 1, work.To - work.From).Select(p => new CurvePoint(curve.Amounts[p], curve.Scores[p]));
        // A coarse table's next point may be further away than one step: then it stands for the rung's own.
        return new SegmentOutcome.Reached(new(
            curve.Scores[work.To], double.NaN, Math.Clamp(amount, leased.ToAmount, leased.ToAmount + 1), curve.Seconds[work.To], 0,
            (long)amount, 0, 0, double.NaN, NoArtifact, null) { Curve = ValueList.Of<CurvePoint>([.. points]) });
    }

    /// <summary>What has happened may let a silo go on that had nothing to do.</summary>
    private void Wake()
    {
        var idle = _waiting.ToList();
        _waiting.Clear();
        foreach (var silo in idle.Where(s => s.IsThere))
            Ask(silo);
    }

    /// <summary>Counts the points that the silo's segment reached by a moment of virtual time.</summary>
    private void Log(ReplaySilo silo, double until)
    {
        if (!silo.IsThere || silo.Work is not { } work)
            return;
        for (var point = work.From + 1; point <= work.To && work.TimeOf(point) <= until; point++)
        {
            _log.Scored(
                work.TimeOf(point) * _options.Workers, work.Curve.Scores[point], work.Curve.Truths[point],
                isFull: point == work.Curve.Scores.Length - 1);
        }
    }

    private void ComeOrGo(double every)
    {
        At(_now + every, () => ComeOrGo(every));
        if (_churn.Leaving(_silos) is not { } leaving)
        {
            Join();
            return;
        }
        Log(leaving, _now);
        leaving.IsThere = false;
        _silos.Remove(leaving);
        _waiting.Remove(leaving);
        if (leaving.Work is { } work)
        {
            var expiry = _churn.Abandon(leaving, work, _now);
            At(expiry, Wake);
        }
    }
}
