using TuneGrid.Coordination;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Silos;
using TuneGrid.Coordination.Trials;

namespace TuneGrid.Testing.Contracts;

/// <summary>What every <see cref="IStudyStore"/> must do.</summary>
public abstract class StudyStoreContract : IAsyncLifetime
{
    private protected static readonly CancellationToken None = CancellationToken.None;
    private protected static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private protected readonly StudyId Study = new("gpt-" + Path.GetRandomFileName());

    private protected IStudyStore Store { get; private set; } = null!;

    /// <summary>A first or a further instance on the same store.</summary>
    private protected abstract Task<IStudyStore> OpenAsync();

    /// <summary>Moves the store's clock, as leases see it.</summary>
    private protected abstract Task AdvanceAsync(TimeSpan by);

    public async Task InitializeAsync() => Store = await OpenAsync();

    public virtual async Task DisposeAsync() => await Store.DisposeAsync();

    [StoreFact]
    public async Task What_is_appended_is_read_back_in_order()
    {
        StudyEvent[] events = [Sample.Created(), Sample.Proposed(0), Sample.Reached(0, double.NaN)];
        Assert.True(await Store.TryAppendAsync(Sample.Append(Study, 0, events), None));
        Assert.True(await Store.TryAppendAsync(Sample.Append(Study, 3, Sample.Proposed(1)), None));

        var read = await Store.ReadAsync(Study, 0, None);
        Assert.Equal([1, 2, 3, 4], read.Select(e => e.Sequence));
        Assert.Equal([.. events, Sample.Proposed(1)], read.Select(e => e.Event));
        Assert.Equal([3, 4], (await Store.ReadAsync(Study, 2, None)).Select(e => e.Sequence));
        Assert.Empty(await Store.ReadAsync(Study, 4, None));
        Assert.Empty(await Store.ReadAsync(new("unknown"), 0, None));
    }

    [StoreFact]
    public async Task Only_the_expected_sequence_appends_and_a_lost_race_leaves_no_trace()
    {
        Assert.True(await Store.TryAppendAsync(Sample.Create(Study), None));
        Assert.False(await Store.TryAppendAsync(Sample.Create(Study), None));
        Assert.True(await Store.TryAppendAsync(Sample.Grant(Study, 1, 0, 2, Sample.SiloA, 60), None));
        Assert.False(await Store.TryAppendAsync(Sample.Grant(Study, 1, 0, 9, Sample.SiloB, 60), None));
        Assert.False(await Store.TryAppendAsync(Sample.Release(Study, 7, 0), None));
        Assert.False(await Store.TryAppendAsync(Sample.Append(new("nobody"), 3, Sample.Proposed(0)), None));

        Assert.Equal(2, (await Store.ReadAsync(Study, 0, None)).Count);
        Assert.Equal(2, Assert.Single(await Store.LeasesAsync(Study, None)).Fence.Value);
        Assert.DoesNotContain(await Store.ListAsync(None), s => s.Id.Value == "nobody");
    }

    [StoreFact]
    public async Task Many_writers_lose_and_double_nothing()
    {
        Assert.True(await Store.TryAppendAsync(Sample.Create(Study), None));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
        {
            for (var sequence = 1L; ;)
            {
                var read = await Store.ReadAsync(Study, 0, None);
                sequence = read.Count;
                if (await Store.TryAppendAsync(Sample.Append(Study, sequence, Sample.Proposed(i), Sample.Reached(i, 1)), None))
                    return;
            }
        })));
        var events = await Store.ReadAsync(Study, 0, None);
        Assert.Equal(17, events.Count);
        Assert.Equal(Enumerable.Range(0, 8), events.Select(e => e.Event).OfType<TrialProposed>().Select(e => e.Trial.Number).Order());
        // Each append's two events stand together.
        Assert.All(Enumerable.Range(0, 8), i => Assert.Equal(
            ((TrialProposed)events[1 + (2 * i)].Event).Trial, ((RungReached)events[2 + (2 * i)].Event).Trial));
    }

    [StoreFact]
    public async Task Studies_are_listed_oldest_first_with_their_last_summary()
    {
        var second = new StudyId("a-" + Study.Value);
        Assert.True(await Store.TryAppendAsync(Sample.Create(Study), None));
        Assert.True(await Store.TryAppendAsync(Sample.Create(second), None));
        Assert.True(await Store.TryAppendAsync(new(Study, 1, [Sample.Proposed(0)], [], Sample.Summary(Study, 5)), None));
        var listed = (await Store.ListAsync(None)).Where(s => s.Id == Study || s.Id == second).ToList();
        Assert.Equal([Study, second], listed.Select(s => s.Id));
        Assert.Equal(5, listed[0].Trials);
    }

    [StoreFact]
    public async Task A_lease_is_granted_renewed_and_released()
    {
        Assert.True(await Store.TryAppendAsync(Sample.Grant(Study, 0, 4, 1, Sample.SiloA, 60), None));
        var lease = Assert.Single(await Store.LeasesAsync(Study, None));
        Assert.Equal((4, 1, Sample.SiloA, false), (lease.Trial.Number, lease.Fence.Value, lease.Silo, lease.IsExpired));
        Assert.Null(lease.Progress);

        Assert.Equal(LeaseRenewal.Held, await Store.RenewAsync(Study, new(4), new(1), 2 * Minute, Sample.Progress(3), None));
        Assert.Equal(LeaseRenewal.Held, await Store.RenewAsync(Study, new(4), new(1), 2 * Minute, null, None));
        var renewed = Assert.Single(await Store.LeasesAsync(Study, None));
        Assert.True(renewed.ExpiresAt > lease.ExpiresAt);
        Assert.Equal(Sample.Progress(3), renewed.Progress);
        Assert.Equal(LeaseRenewal.Lost, await Store.RenewAsync(Study, new(4), new(2), Minute, null, None));
        Assert.Equal(LeaseRenewal.Lost, await Store.RenewAsync(Study, new(5), new(1), Minute, null, None));

        Assert.True(await Store.TryAppendAsync(Sample.Release(Study, 1, 4), None));
        Assert.Empty(await Store.LeasesAsync(Study, None));
        Assert.Equal(LeaseRenewal.Lost, await Store.RenewAsync(Study, new(4), new(1), Minute, null, None));
    }

    [StoreFact]
    public async Task Whoever_renews_hears_that_it_should_pause_and_the_next_holder_does_not()
    {
        Assert.True(await Store.TryAppendAsync(Sample.Grant(Study, 0, 4, 1, Sample.SiloA, 60), None));
        Assert.True(await Store.TryAppendAsync(Sample.Grant(Study, 1, 5, 2, Sample.SiloB, 60), None));
        var pause = Sample.Append(Study, 2, Sample.Proposed(6)) with
        {
            Leases = [new LeaseChange.RequestPause(new(4)), new LeaseChange.RequestPause(new(9))],
        };
        Assert.True(await Store.TryAppendAsync(pause, None));
        Assert.Equal(LeaseRenewal.PauseRequested, await Store.RenewAsync(Study, new(4), new(1), Minute, null, None));
        Assert.Equal(LeaseRenewal.Held, await Store.RenewAsync(Study, new(5), new(2), Minute, null, None));
        Assert.True(await Store.TryAppendAsync(Sample.Release(Study, 3, 4), None));
        Assert.True(await Store.TryAppendAsync(Sample.Grant(Study, 4, 4, 5, Sample.SiloB, 60), None));
        Assert.Equal(LeaseRenewal.Held, await Store.RenewAsync(Study, new(4), new(5), Minute, null, None));
    }

    [StoreFact]
    public async Task A_commit_releases_the_leases_it_names_and_none_between_them()
    {
        Assert.True(await Store.TryAppendAsync(Sample.Create(Study), None));
        for (var trial = 1; trial <= 5; trial++)
            Assert.True(await Store.TryAppendAsync(Sample.Grant(Study, trial, trial, trial, Sample.SiloA, 60), None));
        var release = Sample.Append(Study, 6, Sample.Proposed(6)) with
        {
            Leases = [new LeaseChange.Release(new(4)), new LeaseChange.Release(new(2))],
        };
        Assert.True(await Store.TryAppendAsync(release, None));
        Assert.Equal([1, 3, 5], (await Store.LeasesAsync(Study, None)).Select(l => l.Trial.Number));
    }

    [StoreFact]
    public async Task A_silo_that_slept_past_its_lease_finds_its_fence_refused()
    {
        Assert.True(await Store.TryAppendAsync(Sample.Grant(Study, 0, 0, 1, Sample.SiloA, 60), None));
        await AdvanceAsync(TimeSpan.FromSeconds(61));
        Assert.True(Assert.Single(await Store.LeasesAsync(Study, None)).IsExpired);
        Assert.True(await Store.TryAppendAsync(Sample.Grant(Study, 1, 0, 2, Sample.SiloB, 60), None));
        Assert.Equal(LeaseRenewal.Lost, await Store.RenewAsync(Study, new(0), new(1), Minute, null, None));
        Assert.Equal(LeaseRenewal.Held, await Store.RenewAsync(Study, new(0), new(2), Minute, null, None));
        var lease = Assert.Single(await Store.LeasesAsync(Study, None));
        Assert.Equal((Sample.SiloB, 2, false), (lease.Silo, lease.Fence.Value, lease.IsExpired));
    }

    [StoreFact]
    public async Task An_expired_lease_is_not_renewed_even_if_nobody_took_it()
    {
        Assert.True(await Store.TryAppendAsync(Sample.Grant(Study, 0, 0, 1, Sample.SiloA, 60), None));
        await AdvanceAsync(TimeSpan.FromSeconds(61));
        Assert.Equal(LeaseRenewal.Lost, await Store.RenewAsync(Study, new(0), new(1), Minute, null, None));
    }

    [StoreFact]
    public async Task A_turn_gives_what_was_missed_and_appends_what_follows_from_it()
    {
        Assert.True(await Store.TryAppendAsync(Sample.Append(Study, 0, Sample.Created(), Sample.Proposed(0)), None));
        var before = await Store.NowAsync(None);
        Assert.True(await Store.TakeTurnAsync(Study, 1, (missed, now) =>
        {
            Assert.Equal([2], missed.Select(e => e.Sequence));
            Assert.True(now >= before);
            return Sample.Grant(Study, 2, 1, 3, Sample.SiloA, 60);
        }, None));
        Assert.Equal(3, (await Store.ReadAsync(Study, 0, None)).Count);
        Assert.Single(await Store.LeasesAsync(Study, None));

        Assert.False(await Store.TakeTurnAsync(Study, 3, (_, _) => null, None));
        await Assert.ThrowsAsync<TimeZoneNotFoundException>(
            async () => await Store.TakeTurnAsync(Study, 3, (_, _) => throw new TimeZoneNotFoundException(), None));
        Assert.True(await Store.TryAppendAsync(Sample.Append(Study, 3, Sample.Proposed(2)), None));
    }

    [StoreFact]
    public async Task A_turn_that_somebody_passes_by_is_decided_again()
    {
        Assert.True(await Store.TryAppendAsync(Sample.Create(Study), None));
        // The first decision is one behind, as if another had appended without a turn.
        var expected = new Queue<long>([0, 1]);
        Assert.True(await Store.TakeTurnAsync(Study, 1, (_, _) => Sample.Append(Study, expected.Dequeue(), Sample.Proposed(0)), None));
        Assert.Equal(2, (await Store.ReadAsync(Study, 0, None)).Count);
    }

    [StoreFact]
    public async Task Silos_announce_drain_and_depart()
    {
        var (a, b) = (new SiloId("a-" + Study.Value), new SiloId("b-" + Study.Value));
        Assert.Equal(DrainRequest.None, await Store.AnnounceAsync(Sample.Silo(b), None));
        Assert.Equal(DrainRequest.None, await Store.AnnounceAsync(Sample.Silo(a), None));
        Assert.True(await Store.RequestDrainAsync(a, DrainRequest.AfterSegment, None));
        Assert.False(await Store.RequestDrainAsync(new("nobody"), DrainRequest.Now, None));
        Assert.Equal(DrainRequest.AfterSegment, await Store.AnnounceAsync(Sample.Silo(a, SiloActivity.Draining), None));
        Assert.Equal(DrainRequest.None, await Store.AnnounceAsync(Sample.Silo(b), None));
        var rows = (await Store.SilosAsync(None)).Where(r => r.Silo.Id == a || r.Silo.Id == b).ToList();
        Assert.Equal([a, b], rows.Select(r => r.Silo.Id));
        Assert.Equal(SiloActivity.Draining, rows[0].Silo.Status);
        Assert.Equal([DrainRequest.AfterSegment, DrainRequest.None], rows.Select(r => r.Drain));
        // In a hurry now; asked again in peace, it stays in a hurry.
        Assert.True(await Store.RequestDrainAsync(a, DrainRequest.Now, None));
        Assert.True(await Store.RequestDrainAsync(a, DrainRequest.AfterSegment, None));
        Assert.Equal(DrainRequest.Now, await Store.AnnounceAsync(Sample.Silo(a), None));
        await Store.DepartAsync(a, None);
        await Store.DepartAsync(a, None);
        Assert.DoesNotContain(await Store.SilosAsync(None), r => r.Silo.Id == a);
    }

    [StoreFact]
    public async Task An_append_wakes_those_who_wait()
    {
        var cursor = await Store.WaitForChangeAsync(0, TimeSpan.Zero, None);
        var waiting = Store.WaitForChangeAsync(cursor, Minute, None).AsTask();
        Assert.True(await Store.TryAppendAsync(Sample.Create(Study), None));
        var next = await waiting.WaitAsync(Minute);
        Assert.NotEqual(cursor, next);
        Assert.Equal(next, await Store.WaitForChangeAsync(next, TimeSpan.FromMilliseconds(1), None));
    }

    [StoreFact]
    public async Task Waiting_ends_when_it_is_cancelled()
    {
        using var stop = new CancellationTokenSource();
        var cursor = await Store.WaitForChangeAsync(0, TimeSpan.Zero, None);
        var waiting = Store.WaitForChangeAsync(cursor, Minute, stop.Token).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }
}
