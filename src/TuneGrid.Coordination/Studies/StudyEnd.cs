using TuneGrid.Coordination.Ledger;

namespace TuneGrid.Coordination.Studies;

/// <summary>
/// Ends a study of which nothing can be trained any more, whoever notices it: a silo that reports, one that asks, or a search that waits.
/// </summary>
internal static class StudyEnd
{
    /// <summary>Ends the study if a class is finished and no other has a silo alive. Returns whether it did.</summary>
    /// <param name="ledger">Of the study, read already.</param>
    public static async ValueTask<bool> TryAsync(
        IStudyStore store, StudyLedger ledger, TimeSpan timeToLive, CancellationToken cancellation)
    {
        // Without a finished class nothing was found yet: its silos may still come.
        if (ledger.State.Status != StudyStatus.Running || !ledger.State.Classes.Any(c => c.IsFinished))
            return false;
        var living = await LivingAsync(store, timeToLive, cancellation);
        if (!Coordinator.IsComplete(ledger.State, living))
            return false;
        var end = await ledger.TakeTurnAsync(InTurn, null, cancellation);
        return end.Events.Count > 0;

        WorkDecision.Record InTurn(StudyTurn turn)
        {
            var decision = Coordinator.IsComplete(ledger.State, living) ? Coordinator.Complete(turn.Now) : new([], []);
            turn.Add(decision.Events, decision.Leases);
            return decision;
        }
    }

    /// <summary>Returns the classes that have a silo alive, each with the most memory that one of its silos may use, in bytes.</summary>
    public static async ValueTask<IReadOnlyDictionary<HardwareClass, long>> LivingAsync(
        IStudyStore store, TimeSpan timeToLive, CancellationToken cancellation)
    {
        var now = await store.NowAsync(cancellation);
        var silos = await store.SilosAsync(cancellation);
        return silos.Where(s => s.IsAlive(now, timeToLive)).GroupBy(s => s.Silo.Class)
            .ToDictionary(g => g.Key, g => g.Max(s => s.Silo.MemoryLimitBytes ?? long.MaxValue));
    }
}
