using System.Globalization;
using TuneGrid.Cli.Terminal;
using TuneGrid.Coordination.Trials;
using TuneGrid.Coordination.Work;
using TuneGrid.Coordination.Workers;

namespace TuneGrid.Cli.Output;

/// <summary>What a silo tells whoever started it: a line for each thing worth knowing, with the time, as services log.</summary>
internal static class SiloLog
{
    public static void Write(TextWriter writer, SiloNotice notice)
    {
        if (Line(notice) is { } line)
            Write(writer, line);
    }

    public static void Write(TextWriter writer, string line) =>
        writer.WriteLine($"{DateTime.UtcNow.ToString("HH:mm:ss", CultureInfo.InvariantCulture)}  {Printable.Line(line)}");

    public static string Why(SiloExit exit) => exit switch
    {
        SiloExit.Drained => "it was drained",
        SiloExit.MaxTrials => "it has trained as many segments as it was told to",
        SiloExit.Idle => "there was no work",
        SiloExit.StudyOver => "the study is over",
        _ => "it was stopped; its trial, if it had one, waits for the next silo",
    };

    private static string? Line(SiloNotice notice) => notice switch
    {
        SiloNotice.SegmentStarted { Work: var work } =>
            $"{work.Study} {work.Trial} trains to {Text.Amount(work.ToAmount, work.Budget.Kind)}: {work.Configuration}",
        SiloNotice.SegmentReported reported => $"{reported.Work.Study} {reported.Work.Trial} {Outcome(reported.Outcome)}",
        SiloNotice.SegmentLost lost => $"{lost.Study} {lost.Trial} was taken over by somebody else, or the study has ended",
        SiloNotice.ReportRefused refused =>
            $"what this silo reports of {refused.Study} {refused.Trial} can't be true, and counts nothing: {refused.Reason}; "
            + "check this machine's memory, clock and disk",
        SiloNotice.CheckpointDamaged damaged => $"{damaged.Study} {damaged.Trial} has a damaged checkpoint: {damaged.Reason}",
        SiloNotice.StoreUnavailable store =>
            $"the store does not answer ({store.Message}); trying again in {Text.Duration(store.RetryAfter.TotalSeconds)}",
        SiloNotice.IdleBesideWork idle => $"idle: {idle.Reason}",
        SiloNotice.BacksOff backs => $"trying again in {Text.Duration(backs.RetryAfter.TotalSeconds)}",
        SiloNotice.TrialLosesSilos { Work: var work } loses =>
            $"{StudyText.Losses(work.Study, work.Trial, work.Losses)}; it starts in {Text.Duration(loses.RetryAfter.TotalSeconds)}",
        SiloNotice.StudyBroken broken => broken.Reason,
        SiloNotice.Evicted => "the cluster took this silo for dead (a long sleep, a cut network); it joins again",
        SiloNotice.StillOutside outside => $"{outside.Message}; trying again in {Text.Duration(outside.RetryAfter.TotalSeconds)}",
        SiloNotice.OtherRelease other =>
            $"{other.Silo} runs another release ({other.Version ?? "before 0.2"}): both work on the same studies; update when you can",
        SiloNotice.StudyEnded ended => $"{ended.Summary.Id} is {ended.Summary.Status.ToString().ToLowerInvariant()}",
        _ => null,
    };

    private static string Outcome(SegmentOutcome outcome) => outcome switch
    {
        SegmentOutcome.Reached { Result: var result } =>
            $"reached it: {Text.Score(result.BitsPerByte)} bits per byte, {Text.Count(result.TokensPerSecond)} tokens/s{Speed(result)}",
        SegmentOutcome.Stopped => "was paused",
        SegmentOutcome.Released released => $"could not be run here and waits for another try: {released.Reason}",
        SegmentOutcome.Failed failed => $"failed: {failed.Reason}",
        _ => "ended",
    };

    private static string Speed(SegmentResult result) =>
        result.RelativeSpeed is { } speed ? $", {Text.Percent(speed)} of its norm" : "";
}
