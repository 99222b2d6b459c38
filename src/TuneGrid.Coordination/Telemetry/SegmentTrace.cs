using System.Diagnostics;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Silos;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Scheduling;

namespace TuneGrid.Coordination.Telemetry;

/// <summary>
/// The spans around one decision and the segment it leads to: the trial under its study, the rung decision and the segment under their
/// trial. The contexts travel in the ledger, so that another process goes on with the same trace; a segment links to the one it resumes.
/// </summary>
internal sealed class SegmentTrace
{
    private readonly HardwareClass _class;
    private readonly IReadOnlyList<StudyEvent> _events;
    private readonly Activity? _trial;
    private readonly Activity? _rung;
    private readonly Activity? _segment;

    private SegmentTrace(
        HardwareClass hardware, IReadOnlyList<StudyEvent> events, Activity? trial, Activity? rung, Activity? segment) =>
        (_class, _events, _trial, _rung, _segment) = (hardware, events, trial, rung, segment);

    /// <summary>W3C traceparent of the segment's span, or null.</summary>
    public string? SegmentParent => _segment?.Id;

    /// <summary>Begins the spans of what was decided: also of a trial that is only proposed or promoted and waits.</summary>
    /// <param name="state">Before the decision.</param>
    public static SegmentTrace Begin(StudyState state, WorkDecision decision, SiloDescription silo)
    {
        if (!GridInstruments.Source.HasListeners())
            return new(silo.Class, decision.Events, null, null, null);
        var proposed = decision.Events.OfType<TrialProposed>().FirstOrDefault();
        var promoted = decision.Events.OfType<TrialPromoted>().FirstOrDefault();
        var run = decision as WorkDecision.Run;
        var known = (run?.Trial ?? promoted?.Trial) is { } id && id.Number < state.Trials.Count ? state.Trial(id) : null;
        var trial = proposed is null ? null : Proposal(state, proposed);
        var parent = trial?.Id ?? known?.Trace ?? state.Created.Trace;
        var rung = promoted is null ? null : Promotion(parent, promoted);
        var segment = run is null ? null : Start("tunegrid.segment", parent, Resumed(known))?
            .SetTag("tunegrid.study", state.Id.Value).SetTag("tunegrid.trial", run.Trial.ToString()).SetTag("tunegrid.silo", silo.Id.Value)
            .SetTag("tunegrid.hardware_class", silo.Class.Key).SetTag("tunegrid.fence", run.Fence.Value);
        return new(silo.Class, decision.Events, trial, rung, segment);
    }

    /// <summary>The events with the contexts written in.</summary>
    public IReadOnlyList<StudyEvent> Stamp(IReadOnlyList<StudyEvent> events) =>
    [
        .. events.Select(change => change switch
        {
            TrialProposed proposed => proposed with { Trace = _trial?.Id },
            SegmentLeased leased => leased with { Trace = _segment?.Id },
            _ => change,
        }),
    ];

    /// <summary>The decision is in the ledger; the segment goes on.</summary>
    public void Recorded()
    {
        var hardware = new KeyValuePair<string, object?>("tunegrid.hardware_class", _class.Key);
        if (_events.OfType<TrialProposed>().Any())
            GridInstruments.Trials.Add(1, hardware);
        if (_events.OfType<TrialPromoted>().Any())
            GridInstruments.Promotions.Add(1, hardware);
        _rung?.Dispose();
        _trial?.Dispose();
    }

    /// <summary>Somebody else was first: none of this happened.</summary>
    public void Discard()
    {
        foreach (var activity in new[] { _segment, _rung, _trial })
        {
            if (activity is null)
                continue;
            activity.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            activity.Dispose();
        }
    }

    public void End(SegmentOutcome? outcome, bool isReported, TimeSpan elapsed)
    {
        var end = (outcome, isReported) switch
        {
            (null, _) or (_, false) => "lost",
            (SegmentOutcome.Reached, _) => "reached",
            (SegmentOutcome.Stopped, _) => "paused",
            (SegmentOutcome.Released, _) => "released",
            _ => "failed",
        };
        GridInstruments.SegmentDuration.Record(
            elapsed.TotalSeconds, new("tunegrid.outcome", end), new("tunegrid.hardware_class", _class.Key));
        _segment?.SetTag("tunegrid.outcome", end);
        if (outcome is SegmentOutcome.Reached { Result: var result } && isReported)
        {
            GridInstruments.Score.Record(result.BitsPerByte, new KeyValuePair<string, object?>("tunegrid.hardware_class", _class.Key));
            _segment?.SetTag("tunegrid.bits_per_byte", result.BitsPerByte).SetTag("tunegrid.tokens_per_second", result.TokensPerSecond);
            if (result.RelativeSpeed is { } speed)
                _segment?.SetTag("tunegrid.relative_speed", speed);
        }
        else if (outcome is SegmentOutcome.Failed failed)
        {
            _segment?.SetStatus(ActivityStatusCode.Error, failed.Reason);
        }
        _segment?.Dispose();
    }

    private static Activity? Proposal(StudyState state, TrialProposed proposed)
    {
        var trial = Start("tunegrid.trial", state.Created.Trace, [])?
            .SetTag("tunegrid.study", state.Id.Value).SetTag("tunegrid.trial", proposed.Trial.ToString());
        foreach (var (name, value) in proposed.Configuration)
            trial?.SetTag($"tunegrid.config.{name}", value.ToString());
        return trial;
    }

    private static ActivityLink[] Resumed(Trial? trial) =>
        trial is { Segments: [.., { } last] } && ActivityContext.TryParse(last.Trace, null, out var before) ? [new(before)] : [];

    private static Activity? Promotion(string? parent, TrialPromoted promoted) => Start("tunegrid.rung.decision", parent, [])?
        .SetTag("tunegrid.trial", promoted.Trial.ToString()).SetTag("tunegrid.rung.to", promoted.ToRung)
        .SetTag("tunegrid.rung.score", promoted.Why.Score).SetTag("tunegrid.rung.rank", promoted.Why.Rank)
        .SetTag("tunegrid.rung.cutoff", promoted.Why.Cutoff).SetTag("tunegrid.rung.competitors", promoted.Why.Competitors);

    private static Activity? Start(string name, string? parent, IEnumerable<ActivityLink> links)
    {
        // The worker's own flow must not become a parent by accident: the ledger alone says what hangs under what.
        var context = ActivityContext.TryParse(parent, null, out var parsed) ? parsed : default;
        var ambient = Activity.Current;
        Activity.Current = null;
        var activity = GridInstruments.Source.StartActivity(name, ActivityKind.Internal, context, links: links);
        Activity.Current = ambient;
        return activity;
    }
}
