using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Trials;
using TuneGrid.Storage;

namespace TuneGrid.Testing.Contracts;

/// <summary>What a store that several processes share must do besides.</summary>
public abstract partial class DurableStoreContract : StudyStoreContract
{
    [StoreFact]
    public async Task What_one_instance_appends_another_reads_and_is_woken_by()
    {
        await using var other = await OpenAsync();
        var cursor = await other.WaitForChangeAsync(0, TimeSpan.Zero, None);
        var waiting = other.WaitForChangeAsync(cursor, Minute, None).AsTask();
        Assert.True(await Store.TryAppendAsync(Sample.Create(Study), None));
        Assert.NotEqual(cursor, await waiting.WaitAsync(Minute));
        Assert.Single(await other.ReadAsync(Study, 0, None));
        Assert.False(await other.TryAppendAsync(Sample.Create(Study), None));
    }

    [StoreFact]
    public async Task Writers_of_several_instances_lose_and_double_nothing()
    {
        Assert.True(await Store.TryAppendAsync(Sample.Create(Study), None));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(async () =>
        {
            await using var mine = await OpenAsync();
            for (var written = 0; written < 5;)
            {
                var sequence = (await mine.ReadAsync(Study, 0, None)).Count;
                if (await mine.TryAppendAsync(Sample.Append(Study, sequence, Sample.Proposed((10 * i) + written)), None))
                    written++;
            }
        })));
        var trials = (await Store.ReadAsync(Study, 1, None)).Select(e => ((Coordination.Ledger.TrialProposed)e.Event).Trial.Number);
        Assert.Equal(Enumerable.Range(0, 4).SelectMany(i => Enumerable.Range(10 * i, 5)), trials.Order());
    }

    [StoreFact]
    public async Task Writers_of_several_instances_take_turns_and_decide_once_each()
    {
        Assert.True(await Store.TryAppendAsync(Sample.Create(Study), None));
        var decisions = 0;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(async () =>
        {
            await using var mine = await OpenAsync();
            var sequence = 0L;
            for (var written = 0; written < 5; written++)
            {
                Assert.True(await mine.TakeTurnAsync(Study, sequence, (missed, _) =>
                {
                    Interlocked.Increment(ref decisions);
                    sequence += missed.Count;
                    return Sample.Append(Study, sequence, Sample.Proposed((10 * i) + written));
                }, None));
                sequence++;
            }
        })));
        Assert.Equal(20, decisions);
        Assert.Equal(21, (await Store.ReadAsync(Study, 0, None)).Count);
    }

    [StoreFact]
    public async Task A_shared_text_is_changed_by_whoever_read_it_last()
    {
        await using var other = await OpenAsync();
        var (mine, theirs, name) = ((ISharedTexts)Store, (ISharedTexts)other, "cluster-" + Study.Value);
        Assert.Equal(new(0, ""), await mine.ReadAsync(name, None));
        Assert.True(await mine.TryWriteAsync(name, 0, "ä", None));
        Assert.False(await theirs.TryWriteAsync(name, 0, "b", None));
        Assert.Equal(new(1, "ä"), await theirs.ReadAsync(name, None));
        Assert.True(await theirs.TryWriteAsync(name, 1, "b", None));
        Assert.False(await mine.TryWriteAsync(name, 1, "c", None));
        Assert.Equal(new(2, "b"), await mine.ReadAsync(name, None));
    }
}
