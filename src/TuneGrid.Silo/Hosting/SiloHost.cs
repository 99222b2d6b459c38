using System.Security.Cryptography;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Silos;
using TuneGrid.Coordination.Work;
using TuneGrid.Coordination.Workers;
using TuneGrid.Silo.Hardware;
using TuneGrid.Silo.Segments;
using TuneGrid.Storage;

namespace TuneGrid.Silo.Hosting;

/// <summary>Runs one silo in this process: our trainer under the rules of the grid.</summary>
public static class SiloHost
{
    private const string Letters = "abcdefghijkmnpqrstuvwxyz23456789";
    private const int TailLength = 4;

    /// <summary>Works until told to stop, drained, out of work or done.</summary>
    /// <param name="runtime">The cluster to join; null works through the store alone.</param>
    public static async Task<SiloExit> RunAsync(CorpusShelf corpora, OpenedStore store, SiloSettings settings, CancellationToken stop, ISiloRuntime? runtime = null)
    {
        await store.ClaimArtifactsAsync(stop);
        using var runner = new SegmentRunner(corpora, store.Artifacts, new(settings.Trainer, settings.ScratchFolder));
        using var probe = settings.Trainer.Engine.IsOnProcessor ? new KernelSpeedProbe(settings.Trainer) : null;
        for (var wasIn = false; ; wasIn = true)
        {
            SiloDescription silo;
            IJoinedSilo? member;
            try
            {
                silo = await DescribeAsync(store, settings, stop);
                member = runtime is null ? null : await runtime.JoinAsync(silo, runner, store, settings.Options, stop);
            }
            catch (Exception) when (stop.IsCancellationRequested)
            {
                // Whatever joining says when it is broken off.
                return SiloExit.Stopped;
            }
            catch (Exception fault) when (wasIn && fault is IOException or StoreUnavailableException or OperationCanceledException)
            {
                // It was in before: the network is to blame, and may heal.
                settings.Notify?.Invoke(new SiloNotice.StillOutside(fault.Message, settings.JoinAgainAfter));
                await Task.Delay(settings.JoinAgainAfter, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                continue;
            }
            await using var joined = member;
            using var leave = CancellationTokenSource.CreateLinkedTokenSource(stop, joined?.Evicted ?? CancellationToken.None);
            var loop = new SiloLoop(
                silo, store.Studies, store.Artifacts, joined?.Runner ?? runner, SpacePlanner.Read, settings.Options, TimeProvider.System, settings.Notify, joined?.Desk, probe);
            var exit = await Task.Run(() => loop.RunAsync(leave.Token), CancellationToken.None);
            if (stop.IsCancellationRequested || joined is not { Evicted.IsCancellationRequested: true })
                return exit;
            settings.Notify?.Invoke(new SiloNotice.Evicted());
        }
    }

    private static async Task<SiloDescription> DescribeAsync(OpenedStore store, SiloSettings settings, CancellationToken stop)
    {
        var name = settings.Name.Length > 0 ? settings.Name : Machine.Here.Host;
        return new(
            new($"{name}-{Environment.ProcessId}-{RandomNumberGenerator.GetString(Letters, TailLength)}"), settings.Class, Machine.Here.Host,
            Environment.ProcessId, settings.Threads, Machine.Here.MemoryBytes, await store.Studies.NowAsync(stop), SiloActivity.Idle, "")
        {
            MeasuresEnergy = settings.Trainer.Joules is null ? null : true,
        };
    }
}
