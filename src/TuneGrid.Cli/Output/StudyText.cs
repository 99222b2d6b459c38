using System.Globalization;
using TuneGrid.Cli.Terminal;
using TuneGrid.Cli.Views;
using TuneGrid.Coordination;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Trials;
using TuneGrid.Coordination.Work;
using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;

namespace TuneGrid.Cli.Output;

/// <summary>A study as plain text.</summary>
internal static class StudyText
{
    /// <summary>What to do when nobody trains for a study.</summary>
    public const string Unattended = "no silo is training; the study waits for one: tunegrid start-silo";

    /// <summary>Fewer may be chance: a reboot, a window that was closed.</summary>
    public const int MostQuietLosses = 5;

    /// <summary>Why a study ends with fewer trials than it asked for.</summary>
    public static string NoMoreTrials(string reason) => $"no more trials are proposed: {reason}; those there are finish the search";

    public static void Write(TextWriter writer, StudyView view, IReadOnlyList<Lease> leases, DateTimeOffset now)
    {
        var running = view.Trials.Count(t => t.Status == TrialStatus.Running);
        var status = view.Status.ToString().ToLowerInvariant();
        writer.WriteLine($"{view.Id}  {status}  corpus {view.Corpus?.Name}  started {Text.Ago(now - view.CreatedAt)}");
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{view.Own.Count()} of {view.Space?.Trials} trials{Repeats(view)}, {view.Failed} failed, {running} running; "
            + $"{Text.Duration(view.WallSeconds(now))} so far, silos busy {view.BusyFraction(now):0%} of it"));
        foreach (var hardware in view.Classes)
        {
            writer.WriteLine();
            writer.WriteLine(hardware);
            WriteRungs(writer, view, hardware);
            if (view.ProposalsEnded(hardware) is { } reason)
                writer.WriteLine(NoMoreTrials(reason));
            if (view.Champion(hardware) is { } champion)
                WriteChampion(writer, champion);
        }
        foreach (var lease in leases)
        {
            writer.WriteLine(lease.IsExpired
                ? $"waiting: {lease.Trial}, which lost {lease.Silo}"
                : $"running: {lease.Trial} on {lease.Silo}{Progress(lease.Progress, view.Space?.Budget.Kind)}");
        }
    }

    public static void WriteChampion(TextWriter writer, ChampionView champion)
    {
        var result = champion.Result;
        writer.WriteLine($"champion {champion.Id}: {ChampionText.Score(champion.Crowned)}");
        if (ChampionText.Kept(champion.Crowned) is { } kept)
            writer.WriteLine($"  {kept}");
        writer.WriteLine($"  {champion.Configuration}");
        writer.WriteLine(
            $"  {Text.Count(result.Parameters)} parameters, {Text.Count(result.Tokens)} tokens in {Text.Duration(result.TrainingSeconds)}"
            + $" of training, {Text.Count(result.TokensPerSecond)} tokens/s{Energy(champion)}{Disturbance(result)}");
    }

    /// <summary>", 4 repeats of finalists", or nothing before the first.</summary>
    public static string Repeats(StudyView view) => view.Trials.Count(t => t.RepeatOf is not null) switch
    {
        0 => "",
        1 => ", 1 repeat of a finalist",
        var many => string.Create(CultureInfo.InvariantCulture, $", {many} repeats of finalists"),
    };

    /// <summary>"2 artifacts".</summary>
    public static string Count(ArtifactAmount amount) => $"{amount.Count} {(amount.Count == 1 ? "artifact" : "artifacts")}";

    /// <summary>What people should hear of a trial under which silos of one host end again and again, and what they can do.</summary>
    public static string Losses(StudyId study, TrialId trial, int losses) =>
        $"{trial} has ended {losses} silos of this host in a row (out of memory?) and is tried again; "
        + $"skip it with: tunegrid cancel {study} {trial}";

    /// <summary>", 812 J", or nothing where no silo could measure it.</summary>
    private static string Energy(ChampionView champion) => champion.Joules is { } joules ? $", {Text.Count(joules)} J" : "";

    /// <summary>", disturbed: 61 % of its silo's norm", or nothing.</summary>
    public static string Disturbance(SegmentResult result)
    {
        if (!result.Disturbed)
            return "";
        return result.RelativeSpeed is { } speed ? $", disturbed: {Text.Percent(speed)} of its silo's norm" : ", disturbed";
    }

    private static void WriteRungs(TextWriter writer, StudyView view, HardwareClass hardware)
    {
        var table = new TextTable("rung", "at", "entered", "promoted", "disturbed");
        foreach (var (index, rung) in view.Rungs(hardware).Index())
        {
            table.Add(
                (index + 1).ToString(CultureInfo.InvariantCulture), Text.Amount(rung.Amount, view.Space?.Budget.Kind),
                rung.Entered.ToString(CultureInfo.InvariantCulture), rung.Promoted.ToString(CultureInfo.InvariantCulture),
                rung.Disturbed.ToString(CultureInfo.InvariantCulture));
        }
        table.Write(writer);
    }

    private static string Progress(SegmentProgress? progress, BudgetKind? unit) => progress is null ? "" : string.Create(
        CultureInfo.InvariantCulture,
        $", {Text.Amount(progress.Amount, unit)} of {Text.Amount(progress.Budget, unit)}, "
        + $"{Text.Count(progress.TokensPerSecond)} tokens/s, loss {progress.Loss:0.000}");
}
