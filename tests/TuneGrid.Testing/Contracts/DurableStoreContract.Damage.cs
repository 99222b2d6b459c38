using TuneGrid.Coordination;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Storage;

namespace TuneGrid.Testing.Contracts;

/// <content>
/// One study's rows, or a silo's, that somebody changed past TuneGrid: they are named, and all others are served as ever. Clocks that were
/// wrong.
/// </content>
public abstract partial class DurableStoreContract
{
    /// <summary>Runs a statement past the store, with <c>{studies}</c>, <c>{events}</c>, <c>{leases}</c>, <c>{silos}</c> for its tables and
    /// <c>{mine}</c> for what picks the study's events.</summary>
    private protected abstract Task ChangeAsync(string sql);

    [StoreTheory]
    [InlineData("UPDATE {events} SET event = replace(event, '64', '65') WHERE sequence = 2 AND {mine}", 2, "was changed")]
    [InlineData("UPDATE {events} SET event = '' WHERE sequence = 1 AND {mine}", 1, "was changed")]
    [InlineData("DELETE FROM {events} WHERE sequence = 2 AND {mine}", 2, "is missing")]
    [InlineData("DELETE FROM {events} WHERE sequence = 3 AND {mine}", 3, "is missing")]
    [InlineData("INSERT INTO {events} SELECT study, 4, 'x', 5 FROM {events} WHERE sequence = 1 AND {mine}", 4, "with: DELETE FROM")]
    [InlineData("INSERT INTO {events} SELECT study, 99, '{}', 5 FROM {events} WHERE sequence = 1 AND {mine}", 4, "with: DELETE FROM")]
    public async Task A_changed_ledger_is_named_with_its_event_and_the_others_are_served(string damage, long sequence, string why)
    {
        var other = await TwoStudiesAsync();
        await ChangeAsync(damage);
        await IsBrokenAsync(() => Store.ReadAsync(Study, 0, None).AsTask(), sequence, why);
        await IsBrokenAsync(() => Store.TakeTurnAsync(Study, 0, (_, _) => null, None).AsTask(), sequence, why);
        Assert.Equal(2, (await Store.ListAsync(None)).Count(s => s.Id == Study || s.Id == other));
        Assert.True(await Store.TryAppendAsync(Sample.Append(other, 1, Sample.Proposed(0)), None));
        Assert.Equal(2, (await Store.ReadAsync(other, 0, None)).Count);
    }

    [StoreFact]
    public async Task An_event_that_a_newer_release_wrote_says_so()
    {
        await TwoStudiesAsync();
        const string Future = "{\"event\":\"trial_teleported\",\"at\":\"2026-01-02T03:04:05+00:00\"}";
        await ChangeAsync(FormattableString.Invariant(
            $"UPDATE {{events}} SET event = '{Future}', chk = {RowCheck.OfEvent(Study.Value, 2, Future)} WHERE sequence = 2 AND {{mine}}"));
        await IsBrokenAsync(() => Store.ReadAsync(Study, 0, None).AsTask(), 2, "update TuneGrid");
    }

    [StoreFact]
    public async Task An_event_that_is_in_the_way_is_named_and_can_be_taken_out()
    {
        await TwoStudiesAsync();
        await ChangeAsync("INSERT INTO {events} SELECT study, 4, 'x', 5 FROM {events} WHERE sequence = 1 AND {mine}");
        await IsBrokenAsync(() => Store.TryAppendAsync(Sample.Append(Study, 3, Sample.Proposed(1)), None).AsTask(), 4, "DELETE FROM");
        var mend = await IsBrokenAsync(() => Store.ReadAsync(Study, 0, None).AsTask(), 4, "DELETE FROM");
        await ChangeAsync(mend[mend.IndexOf("DELETE FROM", StringComparison.Ordinal)..]);
        Assert.True(await Store.TryAppendAsync(Sample.Append(Study, 3, Sample.Proposed(1)), None));
        Assert.Equal(4, (await Store.ReadAsync(Study, 0, None)).Count);
    }

    [StoreTheory]
    [InlineData("UPDATE {studies} SET summary = '{}' WHERE study = '{name}'")]
    [InlineData("UPDATE {studies} SET chk = chk + 1 WHERE study = '{name}'")]
    [InlineData("UPDATE {studies} SET last_sequence = 9223372036854775807 WHERE study = '{name}'")]
    [InlineData("UPDATE {studies} SET last_sequence = -4 WHERE study = '{name}'")]
    public async Task A_changed_header_is_named_and_the_others_are_listed(string damage)
    {
        var other = await TwoStudiesAsync();
        var cursor = await Store.WaitForChangeAsync(0, TimeSpan.Zero, None);
        await ChangeAsync(damage.Replace("{name}", Study.Value, StringComparison.Ordinal));
        var all = await Store.ListAsync(None);
        Assert.Contains(all, s => s.Id == other);
        Assert.DoesNotContain(all, s => s.Id == Study);
        Assert.Contains("its header is damaged", all.BrokenOf(Study)!.Message, StringComparison.Ordinal);
        cursor = await Store.WaitForChangeAsync(cursor, TimeSpan.Zero, None);
        Assert.True(await Store.TryAppendAsync(Sample.Append(other, 1, Sample.Proposed(0)), None));
        Assert.NotEqual(cursor, await Store.WaitForChangeAsync(cursor, Minute, None));
        await ChangeAsync($"DELETE FROM {{studies}} WHERE study = '{Study}'");
    }

    [StoreTheory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("{\"id\":\"another\",\"class\":\"c\",\"host\":\"h\",\"doing\":\"\"}")]
    public async Task A_silo_s_row_that_was_changed_is_shown_as_damaged_until_the_silo_speaks_again(string description)
    {
        var (good, bad) = (new SiloId("a-" + Study.Value), new SiloId("b-" + Study.Value));
        await Store.AnnounceAsync(Sample.Silo(good), None);
        await Store.AnnounceAsync(Sample.Silo(bad), None);
        await ChangeAsync($"UPDATE {{silos}} SET description = '{description}' WHERE silo = '{bad}'");
        var rows = (await Store.SilosAsync(None)).Where(r => r.Silo.Id == good || r.Silo.Id == bad).ToList();
        Assert.Equal([(good, false), (bad, true)], rows.Select(r => (r.Silo.Id, r.IsDamaged)));
        var now = await Store.NowAsync(None);
        Assert.Equal([true, false], rows.Select(r => r.IsAlive(now, Minute)));
        await Store.AnnounceAsync(Sample.Silo(bad), None);
        Assert.DoesNotContain(await Store.SilosAsync(None), r => r.Silo.Id == bad && r.IsDamaged);
        await Store.DepartAsync(good, None);
        await Store.DepartAsync(bad, None);
    }

    [StoreFact]
    public async Task A_row_that_can_be_no_lease_is_none_and_damaged_progress_is_unknown()
    {
        Assert.True(await Store.TryAppendAsync(Sample.Grant(Study, 0, 0, 1, Sample.SiloA, 60), None));
        Assert.True(await Store.TryAppendAsync(Sample.Grant(Study, 1, 1, 2, Sample.SiloA, 60), None));
        await ChangeAsync($"UPDATE {{leases}} SET trial = -1 WHERE trial = 0 AND study = '{Study}'");
        await ChangeAsync($"UPDATE {{leases}} SET progress = '[7' WHERE trial = 1 AND study = '{Study}'");
        var lease = Assert.Single(await Store.LeasesAsync(Study, None));
        Assert.Equal((1, null), (lease.Trial.Number, lease.Progress));
    }

    [StoreFact]
    public async Task A_lease_does_not_outlast_its_length_when_the_clock_was_wrong()
    {
        Assert.True(await Store.TryAppendAsync(Sample.Grant(Study, 0, 0, 1, Sample.SiloA, 60), None));
        Assert.True(await Store.TryAppendAsync(Sample.Grant(Study, 1, 1, 2, Sample.SiloB, 600), None));
        // An hour ahead when it was granted, and then corrected.
        await AdvanceAsync(TimeSpan.FromHours(-1));
        Assert.Equal([false, false], (await Store.LeasesAsync(Study, None)).Select(l => l.IsExpired));
        // Whoever holds one in earnest goes on.
        Assert.Equal(LeaseRenewal.Held, await Store.RenewAsync(Study, new(1), new(2), 10 * Minute, null, None));
        await AdvanceAsync(TimeSpan.FromSeconds(61));
        Assert.Equal([true, false], (await Store.LeasesAsync(Study, None)).Select(l => l.IsExpired));
        await AdvanceAsync(TimeSpan.FromSeconds(601));
        Assert.Equal([true, true], (await Store.LeasesAsync(Study, None)).Select(l => l.IsExpired));
    }

    [StoreFact]
    public async Task A_silo_does_not_count_as_alive_for_longer_when_the_clock_was_wrong()
    {
        var silo = new SiloId("a-" + Study.Value);
        await Store.AnnounceAsync(Sample.Silo(silo), None);
        await AdvanceAsync(TimeSpan.FromHours(-1));
        var row = Assert.Single(await Store.SilosAsync(None), r => r.Silo.Id == silo);
        Assert.True(row.IsAlive(await Store.NowAsync(None), Minute));
        await AdvanceAsync(TimeSpan.FromSeconds(61));
        row = Assert.Single(await Store.SilosAsync(None), r => r.Silo.Id == silo);
        Assert.False(row.IsAlive(await Store.NowAsync(None), Minute));
        await Store.DepartAsync(silo, None);
    }

    /// <summary>The study with three events, and another with one.</summary>
    private async Task<StudyId> TwoStudiesAsync()
    {
        var other = new StudyId("other-" + Study.Value);
        var events = Sample.Append(Study, 0, Sample.Created(), Sample.Proposed(0), Sample.Reached(0, 1.5));
        Assert.True(await Store.TryAppendAsync(events, None));
        Assert.True(await Store.TryAppendAsync(Sample.Create(other), None));
        return other;
    }

    private async Task<string> IsBrokenAsync(Func<Task> call, long sequence, string why)
    {
        var fault = await Assert.ThrowsAsync<LedgerCorruptException>(call);
        Assert.Equal((Study, sequence), (fault.Study!.Value, fault.Sequence));
        Assert.Contains($"study {Study}: ", fault.Message, StringComparison.Ordinal);
        Assert.Contains(why, fault.Message, StringComparison.Ordinal);
        return fault.Message;
    }
}
