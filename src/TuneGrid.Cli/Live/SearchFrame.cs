using System.Globalization;
using TuneGrid.Cli.Output;
using TuneGrid.Cli.Terminal;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Space;

namespace TuneGrid.Cli.Live;

/// <summary>A running study as lines of text that fit a terminal: what matters least is left out first.</summary>
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

    public static IReadOnlyList<string> Draw(SearchSnapshot snapshot, int width, int height)
    {
        List<(string Text, int Priority)> lines =
        [
            .. Header(snapshot), ("", Space), .. Funnel(snapshot, width), ("", Space),
            .. Leader(snapshot, width), ("", Space), .. Silos(snapshot),
        ];
        while (lines.Count > Math.Max(1, height))
            lines.RemoveAt(lines.FindLastIndex(l => l.Priority == lines.Max(x => x.Priority)));
        return [.. lines.Select(l => Text.Cut(l.Text, Math.Max(1, width)))];
    }

    private static IEnumerable<(string, int)> Header(SearchSnapshot snapshot)
    {
        var study = snapshot.Study;
        var left = study.Status != StudyStatus.Running ? $", {study.Status.ToString().ToLowerInvariant()}"
            : snapshot.SecondsLeft is { } seconds ? $", about {Text.Duration(seconds)} left" : "";
        yield return ($"{study.Id}  {Text.Duration(study.WallSeconds(snapshot.Now))}{left}", Title);
        yield return (string.Create(CultureInfo.InvariantCulture,
            $"{study.Own.Count()} of {study.Space?.Trials} trials{StudyText.Repeats(study)}, {study.Failed} failed"
            + $"  corpus {study.Corpus?.Name}  {snapshot.Hardware}"),
            Detail);
        if (study.ProposalsEnded(snapshot.Hardware) is { } reason)
            yield return (StudyText.NoMoreTrials(reason), Detail);
    }

    private static IEnumerable<(string, int)> Funnel(SearchSnapshot snapshot, int width)
    {
        var rungs = snapshot.Study.Rungs(snapshot.Hardware);
        var most = Math.Max(1, rungs.Select(r => r.Entered).DefaultIfEmpty(1).Max());
        var room = Math.Clamp(width - 40, 4, WidestBar);
        foreach (var (index, rung) in rungs.Index())
        {
            var bar = new string('█', (int)Math.Ceiling((double)rung.Entered / most * room)).PadRight(room);
            var amount = Text.Amount(rung.Amount, snapshot.Study.Space?.Budget.Kind);
            var disturbed = rung.Disturbed > 0 ? $", {rung.Disturbed} disturbed" : "";
            yield return (string.Create(CultureInfo.InvariantCulture,
                $"rung {index + 1} {amount,8}  {rung.Entered,4} {bar} {rung.Promoted} went on{disturbed}"), Rungs);
        }
    }

    private static IEnumerable<(string, int)> Leader(SearchSnapshot snapshot, int width)
    {
        if (snapshot.Study.Best is not [.., var best])
        {
            yield return ("best: none yet", Best);
            yield break;
        }
        var amount = Text.Amount(best.Result.Amount, snapshot.Study.Space?.Budget.Kind);
        yield return (string.Create(CultureInfo.InvariantCulture,
            $"best {Text.Score(best.Result.BitsPerByte)} bits per byte"
            + $"  {best.Trial.Id} at {amount}  perplexity {best.Result.Perplexity:0.0}"),
            Best);
        yield return ($"     {best.Trial.Configuration}", Detail);
        var steps = snapshot.Study.Best.Select(b => ((b.At - snapshot.Study.CreatedAt).TotalSeconds, b.Result.BitsPerByte)).ToList();
        var columns = Math.Clamp(width - 6, 1, WidestCurve);
        var elapsed = (snapshot.Now - snapshot.Study.CreatedAt).TotalSeconds;
        yield return ("     " + Sparkline.Draw(Sparkline.Resample(steps, elapsed, columns)), Curve);
    }

    private static IEnumerable<(string, int)> Silos(SearchSnapshot snapshot)
    {
        foreach (var lease in snapshot.Leases.OrderBy(l => l.Silo.Value, StringComparer.Ordinal))
            yield return (Silo(snapshot, lease), Running);
        foreach (var trial in snapshot.Study.Trials.Where(t => t.Losses >= StudyText.MostQuietLosses && t.IsOpen))
            yield return (StudyText.Losses(snapshot.Study.Id, trial.Id, trial.Losses), Running);
        foreach (var idle in snapshot.Idle)
            yield return (idle, Running);
        if (snapshot.IsUnattended)
            yield return (StudyText.Unattended, Running);
        if (snapshot.Note.Length > 0 && snapshot.Leases.All(l => l.Progress is null))
            yield return (snapshot.Note, Detail);
    }

    private static string Silo(SearchSnapshot snapshot, Lease lease)
    {
        var unit = snapshot.Study.Space?.Budget.Kind ?? BudgetKind.Seconds;
        var trial = snapshot.Study.Trial(lease.Trial);
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
