using TuneGrid.Cli.Views;
using TuneGrid.Coordination;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Analysis;

namespace TuneGrid.Cli.Live;

/// <summary>Everything a view of a running study is drawn from, read at one moment.</summary>
/// <param name="Hardware">The class whose rungs are drawn.</param>
/// <param name="Now">By the store's clock.</param>
internal sealed record SearchSnapshot(StudyView Study, HardwareClass Hardware, IReadOnlyList<Lease> Leases, DateTimeOffset Now)
{
    /// <summary>What this machine prepares (a tokenizer, say), or nothing.</summary>
    public string Note { get; init; } = "";

    /// <summary>Silos that are idle though there is work, and why, a line each.</summary>
    public IReadOnlyList<string> Idle { get; init; } = [];

    /// <summary>The study goes on, but nobody trains for it: silos have still to come, or have fallen silent.</summary>
    public bool IsUnattended => Study.Status == StudyStatus.Running && Leases.All(l => l.IsExpired);

    /// <summary>Seconds until the study ends at the pace so far; null before anything can be said.</summary>
    public double? SecondsLeft
    {
        get
        {
            var elapsed = (Now - Study.CreatedAt).TotalSeconds;
            var done = WorkDone();
            var share = Math.Clamp(done / Math.Max(WorkPlanned(), double.Epsilon), 0, 1);
            var atThisPace = done > 0 && elapsed > 0 ? elapsed * (1 - share) / share : (double?)null;
            return Study.Space?.StopAfter is { } most && !(atThisPace + elapsed < most.TotalSeconds)
                ? Math.Max(0, most.TotalSeconds - elapsed)
                : atThisPace;
        }
    }

    /// <summary>Budget units over all trials, if each rung passes on its share, and all repeats of finalists.</summary>
    private double WorkPlanned() => Study.Space is { } space ? HalvingPlan.Of(space, null).Spent : 0;

    private double WorkDone()
    {
        var running = Leases.Where(l => l.Progress is not null).ToDictionary(l => l.Trial, l => l.Progress!.Amount);
        return Study.Trials.Sum(t => Math.Max(t.Result?.Amount ?? 0, running.GetValueOrDefault(t.Id)));
    }
}
