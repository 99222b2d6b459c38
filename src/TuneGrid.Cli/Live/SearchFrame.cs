using System.Globalization;
using TuneGrid.Cli.Output;
using TuneGrid.Cli.Terminal;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Space;

namespace TuneGrid.Cli.Live;

/// <summary>One picture of a running study as lines of text that fit a terminal: what matters least is left out first.</summary>
internal static class SearchFrame
{
    private const int WidestBar = 40;
    private const int WidestCurve = 60;

    // The smaller, the longer it stays when rows are short.
    private const int Title = 0;
    private const int Running = 1;
    private const int Best = 2;
    private const int Rungs = 3;
    private const int Curve = 4;
    private const int Detail = 5;
    private const int Space = 6;

    public static IReadOnlyList<string> Draw(SearchPicture picture, int width, int height)
    {
        List<(string Text, int Priority)> lines =
        [
            .. Header(picture), ("", Space), .. Funnel(picture, width), ("", Space),
            .. Leader(picture, width), ("", Space), .. Silos(picture),
        ];
        while (lines.Count > Math.Max(1, height))
            lines.RemoveAt(lines.FindLastIndex(l => l.Priority == lines.Max(x => x.Priority)));
        return [.. lines.Select(l => Text.Cut(l.Text, Math.Max(1, width)))];
    }

    private static IEnumerable<(string, int)> Header(SearchPicture picture)
    {
        var study = picture.Study;
        var left = study.Status != StudyStatus.Running ? $", {study.Status.ToString().ToLowerInvariant()}"
            : picture.SecondsLeft is { } seconds ? $", about {Text.Duration(seconds)} left" : "";
        yield return ($"{study.Id}  {Text.Duration(study.WallSeconds(picture.Now))}{left}", Title);
        yield return (string.Create(CultureInfo.InvariantCulture,
            $"{study.Trials.Count} of {study.Space?.Trials} trials, {study.Failed} failed"
            + $"  corpus {study.Corpus?.Name}  {picture.Hardware}"),
            Detail);
    }

    private static IEnumerable<(string, int)> Funnel(SearchPicture picture, int width)
    {
        var rungs = picture.Study.Rungs(picture.Hardware);
        var most = Math.Max(1, rungs.Select(r => r.Entered).DefaultIfEmpty(1).Max());
        var room = Math.Clamp(width - 40, 4, WidestBar);
        foreach (var (index, rung) in rungs.Index())
        {
            var bar = new string('█', (int)Math.Ceiling((double)rung.Entered / most * room)).PadRight(room);
            var amount = Text.Amount(rung.Amount, picture.Study.Space?.Budget.Kind);
            var disturbed = rung.Disturbed > 0 ? $", {rung.Disturbed} disturbed" : "";
            yield return (string.Create(CultureInfo.InvariantCulture,
                $"rung {index + 1} {amount,8}  {rung.Entered,4} {bar} {rung.Promoted} went on{disturbed}"), Rungs);
        }
    }

    private static IEnumerable<(string, int)> Leader(SearchPicture picture, int width)
    {
        if (picture.Study.Best is not [.., var best])
        {
            yield return ("best: none yet", Best);
            yield break;
        }
        var amount = Text.Amount(best.Result.Amount, picture.Study.Space?.Budget.Kind);
        yield return (string.Create(CultureInfo.InvariantCulture,
            $"best {Text.Score(best.Result.BitsPerByte)} bits per byte"
            + $"  {best.Trial.Id} at {amount}  perplexity {best.Result.Perplexity:0.0}"),
            Best);
        yield return ($"     {best.Trial.Configuration}", Detail);
        var steps = picture.Study.Best.Select(b => ((b.At - picture.Study.CreatedAt).TotalSeconds, b.Result.BitsPerByte)).ToList();
        var columns = Math.Clamp(width - 6, 1, WidestCurve);
        var elapsed = (picture.Now - picture.Study.CreatedAt).TotalSeconds;
        yield return ("     " + Sparkline.Draw(Sparkline.Resample(steps, elapsed, columns)), Curve);
    }

    private static IEnumerable<(string, int)> Silos(SearchPicture picture)
    {
        foreach (var lease in picture.Leases.OrderBy(l => l.Silo.Value, StringComparer.Ordinal))
            yield return (Silo(picture, lease), Running);
        if (picture.IsForsaken)
            yield return (StudyText.Forsaken, Running);
        if (picture.Note.Length > 0 && picture.Leases.All(l => l.Progress is null))
            yield return (picture.Note, Detail);
    }

    private static string Silo(SearchPicture picture, Lease lease)
    {
        var unit = picture.Study.Space?.Budget.Kind ?? BudgetKind.Seconds;
        var trial = picture.Study.Trial(lease.Trial);
        var rung = trial is null ? "" : string.Create(CultureInfo.InvariantCulture, $" rung {trial.Rung + 1}");
        if (lease.IsExpired)
            return $"{lease.Trial}{rung} lost {lease.Silo}; it waits for another";
        if (lease.Progress is not { } now)
            return $"{lease.Trial}{rung} starts on {lease.Silo}";
        return string.Create(CultureInfo.InvariantCulture,
            $"{lease.Trial}{rung}  {Text.Amount(now.Amount, unit)} of {Text.Amount(now.Budget, unit)}"
            + $"  {Text.Count(now.TokensPerSecond)} tokens/s  loss {now.Loss:0.000}  {lease.Silo}");
    }
}
