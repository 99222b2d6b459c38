using System.Diagnostics;
using TuneGrid.Coordination;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Storage;
using TuneGrid.Testing.Faults;
using TuneGrid.Testing.Processes;

namespace TuneGrid.Silo.Tests.Processes;

/// <summary>Two silos on a study of one trial, which the holder trains.</summary>
internal sealed record OneTrialFleet(
    Sandbox Sandbox, OpenedStore Store, StudyId Study, TuneGridProcess Search, TuneGridProcess Holder, TuneGridProcess Idle) : IDisposable
{
    public static int Leases(IEnumerable<RecordedEvent> ledger) => ledger.Count(e => e.Event is SegmentLeased);

    /// <summary>Does something to the holder, and returns the seconds until the other silo has the trial.</summary>
    public async Task<double> LoseHolderAsync(Action<TuneGridProcess> lose)
    {
        var start = Stopwatch.GetTimestamp();
        lose(Holder);
        try
        {
            LedgerInvariants.Check(await LedgerWaits.UntilAsync(Store.Studies, Study, l => Leases(l) == 2));
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"nobody took the trial over\nholder: {Holder.Errors}\nidle: {Idle.Errors}");
        }
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public void Dispose()
    {
        foreach (var process in new[] { Search, Holder, Idle })
            process.Dispose();
        Store.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Sandbox.Dispose();
    }
}
