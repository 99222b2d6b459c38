using System.Security.Cryptography;
using TuneGrid.Coordination;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Silos;
using TuneGrid.Coordination.Work;
using TuneGrid.Coordination.Workers;
using TuneGrid.Coordination.Workers.Calibration;
using TuneGrid.Silo.Hardware;
using TuneGrid.Silo.Segments;
using TuneGrid.Storage;
using TuneGrid.Training.Engines;
using TuneGrid.Training.Files;

namespace TuneGrid.Silo.Hosting;

/// <summary>Runs one silo in this process: our trainer under the rules of the grid, as a member of its cluster.</summary>
public static class SiloHost
{
    private const string Letters = "abcdefghijkmnpqrstuvwxyz23456789";
    private const int TailLength = 4;
    private const int TokenDigits = 32;

    private static long ClassMemoryBytes => HardwareClasses.SizeClassGiB(Machine.Here.MemoryBytes) << 30;

    /// <summary>Works until told to stop, drained, out of work or done. Returns why it left.</summary>
    /// <exception cref="IOException">The cluster can't be joined; the message says why and what to do.</exception>
    /// <exception cref="StoreUnusableException">The store can't be used at all.</exception>
    public static Task<SiloExit> RunAsync(CorpusCache corpora, OpenedStore store, SiloSettings settings, CancellationToken stop) =>
        RunAsync(corpora, store, settings, ClusterSilo.JoinAsync, stop);

    internal static async Task<SiloExit> RunAsync(
        CorpusCache corpora, OpenedStore store, SiloSettings settings, JoinCluster join, CancellationToken stop)
    {
        await store.ClaimArtifactsAsync(stop);
        await TidyAsync(store, stop);
        ScratchFile.Sweep(settings.ScratchFolder);
        using var runner = new SegmentRunner(corpora, store.Artifacts, new(settings.Trainer, settings.ScratchFolder, ClassMemoryBytes));
        using var sign = LifeSign.In(settings);
        using var probe = settings.Trainer.Engine.IsOnProcessor ? new KernelSpeedProbe(settings.Trainer) : null;
        for (var wasIn = false; ; wasIn = true)
        {
            SiloDescription silo;
            IClusterMember joined;
            try
            {
                silo = await DescribeAsync(store, settings, stop);
                sign.Show(silo.Id);
                joined = await join(silo, runner, store, settings, stop);
            }
            catch (Exception) when (stop.IsCancellationRequested)
            {
                // Whatever joining says when it is broken off.
                return SiloExit.Stopped;
            }
            catch (Exception fault) when (wasIn && fault is IOException or StoreUnavailableException or OperationCanceledException)
            {
                // It was in before: the network is to blame, and may heal.
                settings.Notify(new SiloNotice.StillOutside(fault.Message, settings.JoinAgainAfter));
                await Task.Delay(settings.JoinAgainAfter, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                continue;
            }
            await using (joined)
            {
                var exit = await WorkAsync(silo, store, settings, joined, probe, stop);
                if (stop.IsCancellationRequested || !joined.Evicted.IsCancellationRequested)
                    return exit;
                settings.Notify(new SiloNotice.Evicted());
            }
        }
    }

    /// <summary>Does what a silo that was killed at a study's end has left undone.</summary>
    private static async Task TidyAsync(OpenedStore store, CancellationToken stop)
    {
        try
        {
            await store.Sweep().TidyAsync(stop);
        }
        catch (Exception fault) when (fault
            is StoreUnavailableException or StoreUnusableException or OperationCanceledException or IOException)
        {
            // What stays costs disk space only; who can't work at all says so in a moment.
        }
    }

    private static async Task<SiloExit> WorkAsync(
        SiloDescription silo, OpenedStore store, SiloSettings settings, IClusterMember joined, ISpeedProbe? probe, CancellationToken stop)
    {
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(stop, joined.Evicted);
        await MeetOthersAsync(silo, store, settings, stop);
        var services = new WorkerServices(
            store.Studies, store.Artifacts, joined.Coordinator, joined.Runner, SpacePlanner.Read, TimeProvider.System)
        {
            Probe = probe, Notify = settings.Notify, DrawToken = DrawToken, OwnsArtifacts = store.OwnsArtifacts,
        };
        var worker = new SiloWorker(silo, services, settings.Options);
        return await Task.Run(() => worker.RunAsync(leave.Token), CancellationToken.None);
    }

    /// <summary>
    /// Says so if another release serves the store: silos whose messages differ are clusters of their own, and meet in the ledger alone.
    /// </summary>
    private static async Task MeetOthersAsync(SiloDescription silo, OpenedStore store, SiloSettings settings, CancellationToken stop)
    {
        try
        {
            var now = await store.Studies.NowAsync(stop);
            var others = (await store.Studies.SilosAsync(stop)).Where(s => s.IsAlive(now, settings.Options.TimeToLive));
            if (others.FirstOrDefault(s => s.Silo.Version != silo.Version) is { } other)
                settings.Notify(new SiloNotice.OtherRelease(other.Silo.Id, other.Silo.Version));
        }
        catch (Exception fault) when (fault is StoreUnavailableException or OperationCanceledException)
        {
            // The worker will say so, or leave.
        }
    }

    private static LeaseToken DrawToken() => new(RandomNumberGenerator.GetHexString(TokenDigits, lowercase: true));

    private static async Task<SiloDescription> DescribeAsync(OpenedStore store, SiloSettings settings, CancellationToken stop)
    {
        var host = Machine.Here.Host;
        var name = settings.Name.Length > 0 ? settings.Name : host;
        var id = new SiloId($"{name}-{Environment.ProcessId}-{RandomNumberGenerator.GetString(Letters, TailLength)}");
        var now = await store.Studies.NowAsync(stop);
        // What a trial takes is known of our own engine alone; other backends refuse when it comes to it.
        var isNative = settings.Trainer.Engine is NativeEngine;
        return new(id, settings.Class, host, Environment.ProcessId, settings.Threads, Machine.Here.MemoryBytes, now, SiloActivity.Idle, "")
        {
            MemoryLimitBytes = isNative && settings.Trainer.MemoryLimitBytes > 0 ? settings.Trainer.MemoryLimitBytes : null,
            ClassMemoryBytes = isNative ? ClassMemoryBytes : null,
            MeasuresEnergy = settings.Trainer.Joules is null ? null : true,
            Study = settings.Options.Study,
            Version = typeof(SiloHost).Assembly.GetName().Version?.ToString(3),
        };
    }
}
