using System.Globalization;
using TuneGrid.Cli.Output;
using TuneGrid.Cli.Terminal;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Scheduling;

namespace TuneGrid.Cli.Live;

/// <summary>One line per thing worth knowing, for logs and pipes.</summary>
internal sealed class PlainView(TextWriter writer) : ISearchView
{
    /// <summary>Between two segments nobody trains either.</summary>
    private static readonly TimeSpan WorthTelling = TimeSpan.FromSeconds(10);

    private readonly HashSet<string> _told = [];
    private bool _isUnattended;

    public void Show(SearchSnapshot snapshot, IReadOnlyList<RecordedEvent> news)
    {
        foreach (var recorded in news)
        {
            if (Line(snapshot, recorded.Event) is { } line)
                Write(snapshot, recorded.Event.At, line);
        }
        foreach (var idle in snapshot.Idle)
        {
            if (_told.Add(idle))
                Write(snapshot, snapshot.Now, idle);
        }
        // Said again, should it come again.
        _told.IntersectWith(snapshot.Idle);
        if (!snapshot.IsUnattended)
            _isUnattended = false;
        else if (!_isUnattended && snapshot.Now - snapshot.Study.ChangedAt >= WorthTelling)
        {
            _isUnattended = true;
            Write(snapshot, snapshot.Now, StudyText.Unattended);
        }
    }

    public void Dispose()
    {
    }

    internal static string? Line(SearchSnapshot snapshot, StudyEvent happened)
    {
        var unit = snapshot.Study.Space?.Budget.Kind;
        return happened switch
        {
            RungReached reached => string.Create(CultureInfo.InvariantCulture,
                $"{reached.Trial} rung {reached.Rung + 1} ({Text.Amount(reached.Result.Amount, unit)}): "
                + $"{Text.Score(reached.Result.BitsPerByte)} bits per byte, {Text.Count(reached.Result.TokensPerSecond)} tokens/s"
                + $"{StudyText.Disturbance(reached.Result)}{Lead(snapshot, reached)}"),
            TrialPromoted promoted => string.Create(CultureInfo.InvariantCulture,
                $"{promoted.Trial} goes on to rung {promoted.ToRung + 1}: {Reason(promoted.Why)}"
                + $"rank {promoted.Why.Rank + 1} of {promoted.Why.Competitors}, "
                + $"cutoff {Text.Score(promoted.Why.Cutoff)}{Better(promoted)}"),
            TrialProposed { RepeatOf: { } original } repeat => $"{repeat.Trial} runs {original} again on a fresh seed",
            TrialProposed proposed => $"{proposed.Trial} new: {proposed.Configuration}{Choice(proposed)}",
            TrialEnqueued added => $"added, tried next: {added.Configuration}",
            TrialRetried retried => $"{retried.Trial} is tried again",
            StudyWarmStarted warm => $"starts from what {warm.Source} found",
            StudyExtended extended => string.Create(CultureInfo.InvariantCulture, $"{extended.Trials} trials are asked for now"),
            TrialFailed failed => $"{failed.Trial} failed: {failed.Reason}",
            TrialPaused paused => $"{paused.Trial} paused at {Text.Amount(paused.Amount, unit)}",
            LeaseExpired expired => Loss(snapshot, expired),
            TrialReleased released => $"{released.Trial} could not be run and waits for another try: {released.Reason}",
            CheckpointLost lost => $"{lost.Trial} lost a checkpoint ({lost.Reason}); "
                + (snapshot.Study.Trial(lost.Trial)?.BeginsAnewAfter(lost.Fence) == true
                    ? "it trains again from its seed" : "it goes on from the one before"),
            SegmentDisturbed disturbed => $"{disturbed.Trial} runs its segment again{StudyText.Disturbance(disturbed.Discarded)}",
            ProposalsEnded ended => StudyText.NoMoreTrials(ended.Reason),
            TimeLimitReached reached => reached.Reason,
            StudyCancelled cancelled => $"cancelled: {cancelled.Reason}",
            _ => null,
        };
    }

    /// <summary>Who chose it, where that was not the sampler.</summary>
    private static string Choice(TrialProposed proposed) =>
        proposed.Why is { By: "start" or "enqueued", Text: { } text } ? $" ({text})" : "";

    /// <summary>", better with p = 0.83" than the best that stays behind, or nothing where the noise is unknown.</summary>
    private static string Better(TrialPromoted promoted) => promoted.Why.Probability is { } probability
        ? string.Create(CultureInfo.InvariantCulture, $", better with p = {probability:0.00}")
        : "";

    /// <summary>Why it goes on, where that is not its rank alone.</summary>
    private static string Reason(PromotionReason why) =>
        why.Control == true ? "it is the control, "
        : why.OutOfTurn == true ? "it leads and the study's time is nearly over, "
        : "";

    private static string Loss(SearchSnapshot snapshot, LeaseExpired expired)
    {
        var trial = snapshot.Study.Trial(expired.Trial);
        return trial?.Losses >= StudyText.MostQuietLosses
            ? StudyText.Losses(snapshot.Study.Id, expired.Trial, trial.Losses)
            : string.Create(CultureInfo.InvariantCulture,
                $"{expired.Trial} lost its silo on the way to rung {(trial?.Rung ?? 0) + 1}; it waits to be resumed");
    }

    private void Write(SearchSnapshot snapshot, DateTimeOffset at, string line) =>
        writer.WriteLine($"{Text.Duration((at - snapshot.Study.CreatedAt).TotalSeconds),7}  {Printable.Line(line)}");

    private static string Lead(SearchSnapshot snapshot, RungReached reached) =>
        snapshot.Study.Best.Any(b => b.At == reached.At && b.Trial.Id == reached.Trial) ? ", the best so far" : "";
}
