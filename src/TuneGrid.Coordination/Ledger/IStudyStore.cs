using TuneGrid.Coordination.Silos;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Scheduling;

namespace TuneGrid.Coordination.Ledger;

/// <summary>
/// The single truth of the grid: an append-only ledger per study with the leases beside it. Safe for any number of writers and processes;
/// every call is atomic and, once it returned, durable (of heartbeats, a crash of the store may take back the newest). A transient fault
/// surfaces as <see cref="StoreUnavailableException"/> and may be retried, a lasting one as <see cref="StoreUnusableException"/>; an append
/// or a turn whose answer was lost, or that was cancelled, may have gone through: read before trying again. Implementations are
/// thread-safe.
/// </summary>
public interface IStudyStore : IAsyncDisposable
{
    /// <summary>Appends, all or nothing. Returns false if somebody else appended first: read, decide again.</summary>
    ValueTask<bool> TryAppendAsync(Commit commit, CancellationToken cancellation);

    /// <summary>
    /// Reads what was missed, decides on it and appends: many writers of one study then queue instead of undoing each other's decisions.
    /// Called again, with what came in between, if somebody appended past the queue. <paramref name="decide"/> must be quick, since others
    /// wait for it, and must not call the store.
    /// </summary>
    /// <returns>False if there was nothing to append.</returns>
    async ValueTask<bool> TakeTurnAsync(StudyId study, long afterSequence, TurnDecision decide, CancellationToken cancellation)
    {
        while (true)
        {
            var missed = await ReadAsync(study, afterSequence, cancellation);
            afterSequence += missed.Count;
            if (decide(missed, await NowAsync(cancellation)) is not { } commit)
                return false;
            if (await TryAppendAsync(commit, cancellation))
                return true;
        }
    }

    /// <summary>Returns the events after <paramref name="afterSequence"/>, in order; none for an unknown study.</summary>
    /// <exception cref="LedgerCorruptException">One of them can't be read, is missing or is one too many.</exception>
    ValueTask<IReadOnlyList<RecordedEvent>> ReadAsync(StudyId study, long afterSequence, CancellationToken cancellation);

    /// <summary>Returns all studies, oldest first; those whose header is damaged are named beside the others.</summary>
    ValueTask<StudyList> ListAsync(CancellationToken cancellation);

    /// <summary>
    /// Returns the study's leases, by trial; those that have run out are among them until they are released, rows that can't be leases are
    /// not. None lasts longer than it was granted for, however a clock was set meanwhile.
    /// </summary>
    ValueTask<IReadOnlyList<Lease>> LeasesAsync(StudyId study, CancellationToken cancellation);

    /// <summary>Renews a lease from now, by the store's clock.</summary>
    ValueTask<LeaseRenewal> RenewAsync(
        StudyId study, TrialId trial, Fence fence, TimeSpan timeToLive, SegmentProgress? progress, CancellationToken cancellation);

    /// <summary>Registers a silo or renews its row. Returns whether somebody asked it to leave.</summary>
    ValueTask<DrainRequest> AnnounceAsync(SiloDescription silo, CancellationToken cancellation);

    /// <summary>Removes a silo's row; does nothing if there is none.</summary>
    ValueTask DepartAsync(SiloId silo, CancellationToken cancellation);

    /// <summary>
    /// Returns every silo that has announced itself and not departed, by name; also those that fell silent since, and as
    /// <see cref="SiloRow.Damaged"/> those whose row can't be read.
    /// </summary>
    ValueTask<IReadOnlyList<SiloRow>> SilosAsync(CancellationToken cancellation);

    /// <summary>Asks a silo to leave. Returns false if no such silo is known.</summary>
    ValueTask<bool> RequestDrainAsync(SiloId silo, DrainRequest request, CancellationToken cancellation);

    /// <summary>Returns the time by the store's clock.</summary>
    ValueTask<DateTimeOffset> NowAsync(CancellationToken cancellation);

    /// <summary>
    /// Returns when any ledger may have changed since <paramref name="cursor"/>, or after the timeout. Pass what it returns to the next
    /// call; start with 0.
    /// </summary>
    ValueTask<long> WaitForChangeAsync(long cursor, TimeSpan timeout, CancellationToken cancellation);
}
