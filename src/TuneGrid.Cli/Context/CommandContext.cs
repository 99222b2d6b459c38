using System.Globalization;
using TuneGrid.Cli.Backends;
using TuneGrid.Cli.Terminal;
using TuneGrid.Coordination;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Work;
using TuneGrid.Silo.Corpora;
using TuneGrid.Silo.Hardware;
using TuneGrid.Silo.Hosting;
using TuneGrid.Silo.Segments;
using TuneGrid.Storage;
using TuneGrid.Training;
using TuneGrid.Training.Engines;
using TuneGrid.Training.Kernels;
using TuneGrid.Training.Torch.Libtorch;

namespace TuneGrid.Cli.Context;

/// <summary>
/// What a command works with on this machine: its folders, corpora, kernels and store. Everything is found when first asked for.
/// </summary>
internal sealed class CommandContext(CliConsole console)
{
    /// <exception cref="UsageException">There is no folder for it.</exception>
    public TuneGridHome Home => field ??= Named(() => TuneGridHome.Find(console.Variable));

    public CorpusLibrary Corpora => field ??= new(Home.Folder);

    /// <summary>Hears of work that takes a while, such as training a tokenizer.</summary>
    public Action<string> Report { get; set; } = console.Error.WriteLine;

    public CorpusCache EncodedCorpora => field ??= new(Corpora, Home, note => Report(note));

    public BackendChoice Backend { get; init; } = BackendChoice.Native;

    public LibtorchFolder Libtorch => LibtorchFolder.Find(Home.Folder, console.Variable);

    public TrainingEngine Engine => field ??= EngineFactory.Open(Backend, Kernels, Libtorch, console.Variable);

    public KernelSet Kernels => field ??= BestKernels();

    public static int ThreadsOrDefault(int? threads) => threads ?? Machine.Here.DefaultThreads;

    public HardwareClass Class(int threads) => HardwareClasses.Of(Machine.Here, threads, Engine.Name);

    public TrainerSettings Trainer(int threads, ulong seed, long memoryLimitBytes = 0) => new(threads, seed, Kernels)
    {
        Engine = Engine,
        MemoryLimitBytes = memoryLimitBytes > 0 ? memoryLimitBytes : Engine.DeviceMemoryBytes ?? Machine.Here.MemoryLeftBytes,
        Joules = EnergyMeter.Open() is { } meter ? meter.Joules : null,
    };

    /// <summary>
    /// For writing text: speed hardly matters there, and fp32 writes the same greedy text as other programs do from an exported model.
    /// </summary>
    public static TrainerSettings Writer(int threads, ulong seed) => new(threads, seed, KernelLadder.BestFp32);

    /// <summary>How long a silo counts as alive after its last word.</summary>
    public TimeSpan LeaseTimeToLive => LeaseTimes().TimeToLive;

    public SiloSettings Silo(int? threads) =>
        new(Trainer(ThreadsOrDefault(threads), 0), Class(ThreadsOrDefault(threads)), Home.CacheFolder) { Options = LeaseTimes() };

    /// <exception cref="UsageException">What stands behind <c>--store</c> can't be read.</exception>
    public StoreLocation Location(StoreChoice store) =>
        Named(() => StoreLocation.Parse(store.Where, store.Artifacts, console.Variable));

    public Task<OpenedStore> OpenStoreAsync(StoreChoice store, CancellationToken cancellation) =>
        StoreOpener.OpenAsync(Location(store), TimeProvider.System, cancellation);

    /// <summary>A place that the command line or the environment names, or should.</summary>
    private static T Named<T>(Func<T> find)
    {
        try
        {
            return find();
        }
        catch (StoreUnusableException e)
        {
            throw new UsageException(e.Message);
        }
    }

    /// <summary>The fastest kernels; a step that the system refused (no executable memory, say) is told in one line.</summary>
    private KernelSet BestKernels()
    {
        var best = KernelLadder.Best;
        foreach (var warning in KernelLadder.Warnings)
            console.Error.WriteLine(warning);
        return best;
    }

    /// <summary>
    /// How long the others wait for a silent silo: <c>TUNEGRID_LEASE_SECONDS</c>, for networks and tests that know better than the default.
    /// </summary>
    private WorkerOptions LeaseTimes()
    {
        const string Variable = "TUNEGRID_LEASE_SECONDS";
        if (console.Variable(Variable) is not { Length: > 0 } text)
            return new();
        if (!double.TryParse(text, CultureInfo.InvariantCulture, out var seconds) || seconds is not (>= 1 and <= 3600))
            throw new UsageException($"{Variable}={text}: expected a number of seconds from 1 to 3600");
        return new() { TimeToLive = TimeSpan.FromSeconds(seconds), Heartbeat = TimeSpan.FromSeconds(seconds / 6) };
    }
}
