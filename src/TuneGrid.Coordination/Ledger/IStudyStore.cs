using TuneGrid.Coordination.Silos;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Scheduling;

namespace TuneGrid.Coordination.Ledger;

/// <param name="Sequence">1 for the first event of a study, then without gaps.</param>
public sealed record RecordedEvent(long Sequence, StudyEvent Event);

/// <summary>A change to the leases table, made in the same transaction as the events beside it.</summary>
public abstract record LeaseChange(TrialId Trial)
{
    public sealed record Grant(TrialId Trial, Fence Fence, SiloId Silo, TimeSpan TimeToLive) : LeaseChange(Trial);

    public sealed record Release(TrialId Trial) : LeaseChange(Trial);
}

/// <summary>Events to append, and what follows from them, all or nothing.</summary>
/// <param name="ExpectedSequence">The last sequence the writer has seen; 0 creates the study.</param>
/// <param name="Summary">The study's new header, kept beside the ledger so that listing need not fold it.</param>
public sealed record Commit(
    StudyId Study, long ExpectedSequence, IReadOnlyList<StudyEvent> Events, IReadOnlyList<LeaseChange> Leases, StudySummary Summary);

/// <summary>What a writer appends now that its turn has come; null for nothing.</summary>
/// <param name="missed">The events it has not been given yet, in order.</param>
/// <param name="now">The store's clock.</param>
public delegate Commit? TurnDecision(IReadOnlyList<RecordedEvent> missed, DateTimeOffset now);

/// <param name="ExpiresAt">By the store's clock.</param>
/// <param name="IsExpired">Whether that has passed, by the store's clock, when the row was read.</param>
public sealed record Lease(TrialId Trial, Fence Fence, SiloId Silo, DateTimeOffset ExpiresAt, bool IsExpired, SegmentProgress? Progress);

/// <summary>
/// The single truth of the grid: an append-only ledger per study with the leases beside it. Safe for any number of writers in any number of processes;
/// every call is atomic and, once it returned, durable (of heartbeats, a crash of the store may take back the newest). A transient fault surfaces as
/// <see cref="StoreUnavailableException"/> and may be retried; an append or a turn whose answer was lost, or that was cancelled, may have gone through: read
/// before trying again. Implementations are thread-safe.
/// </summary>
public interface IStudyStore : IAsyncDisposable
{
    /// <summary>False if somebody else appended first: read, decide again.</summary>
    ValueTask<bool> TryAppendAsync(Commit commit, CancellationToken cancellation);

    /// <summary>
    /// Reads what was missed, decides on it and appends: many writers of one study then queue instead of undoing each other's decisions. Called again, with what
    /// came in between, if somebody appended past the queue. <paramref name="decide"/> must be quick, since others wait for it, and must not call the store.
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

    /// <summary>Events after <paramref name="afterSequence"/>, in order. Empty for an unknown study.</summary>
    ValueTask<IReadOnlyList<RecordedEvent>> ReadAsync(StudyId study, long afterSequence, CancellationToken cancellation);

    /// <summary>All studies, oldest first.</summary>
    ValueTask<IReadOnlyList<StudySummary>> ListAsync(CancellationToken cancellation);

    ValueTask<IReadOnlyList<Lease>> LeasesAsync(StudyId study, CancellationToken cancellation);

    /// <summary>Renews a lease from now, by the store's clock. False if the fence no longer holds it, or it has run out even though nobody took it yet: stop at once.</summary>
    ValueTask<bool> RenewAsync(StudyId study, TrialId trial, Fence fence, TimeSpan timeToLive, SegmentProgress? progress, CancellationToken cancellation);

    /// <summary>Registers a silo or renews its row. Answers whether somebody asked it to drain.</summary>
    ValueTask<bool> AnnounceAsync(SiloDescription silo, CancellationToken cancellation);

    ValueTask DepartAsync(SiloId silo, CancellationToken cancellation);

    ValueTask<IReadOnlyList<SiloRow>> SilosAsync(CancellationToken cancellation);

    /// <summary>Asks a silo to finish its segment and leave. False if no such silo is known.</summary>
    ValueTask<bool> RequestDrainAsync(SiloId silo, CancellationToken cancellation);

    /// <summary>The store's clock.</summary>
    ValueTask<DateTimeOffset> NowAsync(CancellationToken cancellation);

    /// <summary>Returns when any ledger may have changed since <paramref name="cursor"/>, or after the timeout. Pass the answer to the next call; start with 0.</summary>
    ValueTask<long> WaitForChangeAsync(long cursor, TimeSpan timeout, CancellationToken cancellation);
}

/// <summary>The store can't answer now; the same call may succeed later.</summary>
public sealed class StoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The store can't be used at all: wrong schema, wrong password, read-only, damaged. The message says what to do.</summary>
public sealed class StoreUnusableException(string message, Exception? inner = null) : Exception(message, inner);
