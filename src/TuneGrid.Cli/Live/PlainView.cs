using System.Globalization;
using TuneGrid.Cli.Output;
using TuneGrid.Cli.Terminal;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Trials;

namespace TuneGrid.Cli.Live;

/// <summary>One line per thing worth knowing, for logs and pipes.</summary>
internal sealed class PlainView(TextWriter writer) : ISearchView
{
    /// <summary>Between two segments nobody trains either.</summary>
    private static readonly TimeSpan WorthTelling = TimeSpan.FromSeconds(10);

    private bool _isForsaken;

    public void Show(SearchPicture picture, IReadOnlyList<RecordedEvent> news)
    {
        foreach (var recorded in news)
        {
            if (Line(picture, recorded.Event) is { } line)
                Write(picture, recorded.Event.At, line);
        }
        if (!picture.IsForsaken)
            _isForsaken = false;
        else if (!_isForsaken && picture.Now - picture.Study.ChangedAt >= WorthTelling)
        {
            _isForsaken = true;
            Write(picture, picture.Now, StudyText.Forsaken);
        }
    }

    public void Dispose()
    {
    }

    internal static string? Line(SearchPicture picture, StudyEvent happened)
    {
        var unit = picture.Study.Space?.Budget.Kind;
        return happened switch
        {
            RungReached reached => string.Create(CultureInfo.InvariantCulture,
                $"{reached.Trial} rung {reached.Rung + 1} ({Text.Amount(reached.Result.Amount, unit)}): "
                + $"{Text.Score(reached.Result.BitsPerByte)} bits per byte, {Text.Count(reached.Result.TokensPerSecond)} tokens/s"
                + $"{StudyText.Disturbance(reached.Result)}{Lead(picture, reached)}"),
            TrialPromoted promoted => string.Create(CultureInfo.InvariantCulture,
                $"{promoted.Trial} goes on to rung {promoted.ToRung + 1}: "
                + $"rank {promoted.Why.Rank + 1} of {promoted.Why.Competitors}, cutoff {Text.Score(promoted.Why.Cutoff)}"),
            TrialProposed proposed => $"{proposed.Trial} new: {proposed.Configuration}",
            TrialFailed failed => $"{failed.Trial} failed: {failed.Reason}",
            TrialPaused paused => $"{paused.Trial} paused at {Text.Amount(paused.Amount, unit)}",
            LeaseExpired expired => $"{expired.Trial} lost its silo; it waits to be resumed",
            CheckpointLost lost => $"{lost.Trial} lost a checkpoint ({lost.Reason}); it goes on from the one before",
            SegmentDisturbed disturbed => $"{disturbed.Trial} runs its segment again{StudyText.Disturbance(disturbed.Discarded)}",
            StudyCancelled cancelled => $"cancelled: {cancelled.Reason}",
            _ => null,
        };
    }

    private void Write(SearchPicture picture, DateTimeOffset at, string line) =>
        writer.WriteLine($"{Text.Duration((at - picture.Study.CreatedAt).TotalSeconds),7}  {line}");

    private static string Lead(SearchPicture picture, RungReached reached) =>
        picture.Study.Best.Any(b => b.At == reached.At && b.Trial.Id == reached.Trial) ? ", the best so far" : "";
}
