using TuneGrid.Cli.Tests.Live;
using TuneGrid.Coordination;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Silo.Segments;
using TuneGrid.Storage;
using TuneGrid.Testing.Commands;

namespace TuneGrid.Cli.Tests;

/// <summary>Writes studies into the store of a shell's home, without a silo that trains them.</summary>
internal static class LedgerWriter
{
    /// <summary>A study whose trial t0 is its champion, whose t1 failed and whose t2 runs, as the ledger says.</summary>
    public static Task WriteOpenAsync(Shell shell, string name) => WriteAsync(shell, name, Story.OfThreeTrials());

    /// <summary>The same study at its end: t2 did not get beyond its first rung.</summary>
    public static Task WriteCompletedAsync(Shell shell, string name) => WriteAsync(shell, name, Story.OfThreeTrials()
        .Add(new RungReached(Story.At(20), new(2), 0, new(13), 0, Story.Result(3, 4)))
        .Add(new StudyCompleted(Story.At(20))));

    /// <summary>Returns the store; the caller disposes it.</summary>
    public static Task<OpenedStore> OpenAsync(Shell shell) =>
        StoreOpener.OpenAsync(StoreLocation.Parse(null, null, name => name == "TUNEGRID_HOME" ? shell.Home : null));

    private static async Task WriteAsync(Shell shell, string name, Story story)
    {
        await using var store = await OpenAsync(shell);
        var id = new StudyId(name);
        var summary = StudyState.Replay(id, SpacePlanner.Read, story.Events).Summary;
        Assert.True(await store.Studies.TryAppendAsync(new(id, 0, [.. story.Events.Select(e => e.Event)], [], summary), default));
    }
}
