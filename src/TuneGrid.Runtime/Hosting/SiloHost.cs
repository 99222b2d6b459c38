using System.Security.Cryptography;
using TuneGrid.Coordination.Silos;
using TuneGrid.Runtime.Hardware;
using TuneGrid.Runtime.Storage;

namespace TuneGrid.Runtime.Hosting;

/// <summary>Runs one silo in this process: our trainer under the rules of the grid.</summary>
public static class SiloHost
{
    private const string Letters = "abcdefghijkmnpqrstuvwxyz23456789";
    private const int TailLength = 4;

    /// <summary>Works until told to stop, drained, out of work or done.</summary>
    public static async Task<SiloExit> RunAsync(CorpusShelf corpora, OpenedStore store, SiloSettings settings, CancellationToken stop)
    {
        using var runner = new SegmentRunner(corpora, store.Artifacts, new(settings.Trainer, settings.ScratchFolder));
        using var probe = new KernelSpeedProbe(settings.Trainer);
        var name = settings.Name.Length > 0 ? settings.Name : Machine.Here.Host;
        var silo = new SiloDescription(
            new($"{name}-{Environment.ProcessId}-{RandomNumberGenerator.GetString(Letters, TailLength)}"), settings.Class, Machine.Here.Host,
            Environment.ProcessId, settings.Threads, Machine.Here.MemoryBytes, await store.Studies.NowAsync(stop), SiloStatus.Idle, "");
        var loop = new SiloLoop(silo, store.Studies, store.Artifacts, runner, SpacePlanner.Read, settings.Options, TimeProvider.System, settings.Notify, probe: probe);
        return await Task.Run(() => loop.RunAsync(stop), CancellationToken.None);
    }
}
