using TuneGrid.Coordination;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Testing.Processes;

namespace TuneGrid.Testing.Faults;

/// <summary>Waiting for what another process writes into a ledger. Each wait ends with the store's own signal and is bounded.</summary>
internal static class LedgerWaits
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>The study that a search begins in an empty store.</summary>
    public static Task<StudyId> FirstStudyAsync(IStudyStore store, TuneGridProcess? search = null) =>
        NewStudyAsync(store, new HashSet<StudyId>(), search);

    /// <summary>The study that a search begins beside those known.</summary>
    public static async Task<StudyId> NewStudyAsync(IStudyStore store, IReadOnlySet<StudyId> known, TuneGridProcess? search = null)
    {
        using var patience = new CancellationTokenSource(Patience);
        for (var cursor = 0L; ; cursor = await store.WaitForChangeAsync(cursor, TimeSpan.FromSeconds(1), patience.Token))
        {
            if ((await store.ListAsync(patience.Token)).FirstOrDefault(s => !known.Contains(s.Id)) is { } study)
                return study.Id;
            Assert.False(search?.HasExited == true, $"the search ended without a study: {search?.Errors}");
        }
    }

    /// <summary>Waits until the whole ledger is as wanted; returns it.</summary>
    public static async Task<IReadOnlyList<RecordedEvent>> UntilAsync(
        IStudyStore store, StudyId study, Func<IReadOnlyList<RecordedEvent>, bool> isEnough)
    {
        using var patience = new CancellationTokenSource(Patience);
        for (var cursor = 0L; ; cursor = await store.WaitForChangeAsync(cursor, TimeSpan.FromSeconds(1), patience.Token))
        {
            var ledger = await store.ReadAsync(study, 0, patience.Token);
            if (isEnough(ledger))
                return ledger;
        }
    }

    /// <summary>Waits until a silo is there.</summary>
    public static async Task SiloAsync(IStudyStore store)
    {
        using var patience = new CancellationTokenSource(Patience);
        for (var cursor = 0L; (await store.SilosAsync(patience.Token)).Count == 0;)
            cursor = await store.WaitForChangeAsync(cursor, TimeSpan.FromMilliseconds(100), patience.Token);
    }

    /// <summary>Waits until a silo tells how far it has trained; returns its lease.</summary>
    public static Task<Lease> ProgressAsync(IStudyStore store, StudyId study) => LeaseAsync(store, study, l => l.Progress is not null);

    /// <summary>Waits until a lease is as wanted; returns it.</summary>
    public static async Task<Lease> LeaseAsync(IStudyStore store, StudyId study, Func<Lease, bool> isWanted)
    {
        using var patience = new CancellationTokenSource(Patience);
        // Heartbeats, and leases that run out, are no events and wake nobody.
        for (var cursor = 0L; ; cursor = await store.WaitForChangeAsync(cursor, TimeSpan.FromMilliseconds(100), patience.Token))
        {
            if ((await store.LeasesAsync(study, patience.Token)).FirstOrDefault(isWanted) is { } lease)
                return lease;
        }
    }
}
