using System.Diagnostics;
using TuneGrid.Coordination;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Storage;
using TuneGrid.Testing.Faults;
using TuneGrid.Testing.Processes;

namespace TuneGrid.Silo.Tests.Processes;

/// <summary>A silo that has a study's grain and its only trial, and another that finds nothing to do.</summary>
internal sealed class OneTrialFleet : IDisposable
{
    private readonly Sandbox _sandbox = new();
    private TuneGridProcess? _search, _holder, _idle;

    public OpenedStore Store { get; private set; } = null!;

    public StudyId Study { get; private set; }

    public TuneGridProcess Holder => _holder!;

    public static async Task<OneTrialFleet> StartAsync()
    {
        var fleet = new OneTrialFleet();
        await fleet.BeginAsync();
        return fleet;
    }

    /// <summary>Does something to the holder, and returns the seconds until the other silo has the trial.</summary>
    public async Task<double> LoseHolderAsync(Action<TuneGridProcess> lose)
    {
        var start = Stopwatch.GetTimestamp();
        lose(Holder);
        LedgerInvariants.Check(await UntilLeasedAsync(2));
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public void Dispose()
    {
        foreach (var process in new[] { _search, _holder, _idle })
            process?.Dispose();
        Store.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _sandbox.Dispose();
    }

    private async Task BeginAsync()
    {
        await _sandbox.AddStoriesAsync();
        Store = await StoreOpener.OpenAsync(StoreLocation.Parse(_sandbox.Home));
        string[] command = ["search", _sandbox.WriteSpace("tiny", trials: 1, steps: 10_000_000, rungs: 1), "--no-silo"];
        _search = TuneGridProcess.Start(_sandbox, command);
        Study = await LedgerWaits.FirstStudyAsync(Store.Studies, _search);
        _holder = Silos.Start(_sandbox, "holder");
        await UntilLeasedAsync(1);
        _idle = Silos.Start(_sandbox, "idle");
        await Silos.PresentAsync(Store.Studies, 2);
    }

    private async Task<IReadOnlyList<RecordedEvent>> UntilLeasedAsync(int times)
    {
        try
        {
            return await LedgerWaits.UntilAsync(Store.Studies, Study, l => l.Count(e => e.Event is SegmentLeased) >= times);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail(
                $"the trial was not leased {times} times\nholder: {_holder?.Errors}\nidle: {_idle?.Errors}\nsearch: {_search?.Errors}");
            throw;
        }
    }
}
