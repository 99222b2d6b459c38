using System.Collections.Concurrent;
using TuneGrid.Coordination;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Silos;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Work;
using TuneGrid.Coordination.Workers;
using TuneGrid.Silo.Corpora;
using TuneGrid.Silo.Hosting;
using TuneGrid.Silo.Membership;
using TuneGrid.Storage;
using TuneGrid.Testing.Faults;
using TuneGrid.Testing.Processes;
using TuneGrid.Training;
using TuneGrid.Training.Kernels;

namespace TuneGrid.Silo.Tests.Hosting;

/// <summary>
/// Silos of two releases on one store: those that speak other messages are a cluster of their own, and the ledger joins them.
/// </summary>
public sealed class TwoReleasesTests
{
    private const int Trials = 24;

    private const string Space = """
        { "name": "tales", "corpus": "tales", "objective": { "metric": "bits_per_byte", "goal": "minimize" }, "budget": { "steps": 60 },
          "scheduler": { "type": "asha", "eta": 2, "rungs": 2 }, "sampler": { "type": "random" }, "trials": 24, "seed": 0,
          "parameters": { "learning_rate": { "type": "float", "min": 1e-3, "max": 1e-2, "scale": "log" } },
          "fixed": { "width": 16, "depth": 1, "heads": 1, "context": 16, "vocabulary": 280, "batch_size": 2, "bigram_buckets": 0 } }
        """;

    [Fact]
    public async Task Silos_that_speak_other_messages_work_on_one_study_beside_each_other()
    {
        using var sandbox = new Sandbox();
        var library = new CorpusLibrary(sandbox.Home, publishedFolder: null);
        var corpus = library.Add("tales", sandbox.WriteStories(), null);
        await using var store = await StoreOpener.OpenAsync(StoreLocation.Parse(sandbox.Home));
        var plan = new NewStudy("tales", Space, new("tales", corpus.Hash), null, default);
        var study = await StudyLauncher.CreateAsync(store.Studies, plan, new Random(1), default);
        await store.Studies.AnnounceAsync(OlderSilo(await store.Studies.NowAsync(default)), default);
        var notices = new ConcurrentQueue<SiloNotice>();

        var exits = await Task.WhenAll(new[] { WireFormat.Version, WireFormat.Version + 1 }.Select(version => SiloHost.RunAsync(
            new(library, new(sandbox.Home)), store, Settings(sandbox, study, version, notices), default)));

        Assert.Equal([SiloExit.StudyOver, SiloExit.StudyOver], exits);
        var ledger = await store.Studies.ReadAsync(study, 0, default);
        LedgerInvariants.Check(ledger);
        var events = ledger.Select(e => e.Event).ToList();
        Assert.Equal(Trials, events.OfType<TrialProposed>().Count());
        Assert.Equal(2, events.OfType<SegmentLeased>().Select(l => l.Silo).Distinct().Count());
        Assert.Contains(notices, n => n is SiloNotice.OtherRelease { Version: null });
    }

    private static SiloSettings Settings(Sandbox sandbox, StudyId study, int wireVersion, ConcurrentQueue<SiloNotice> notices) => new(
        new TrainerSettings(1, 1, KernelLadder.For(InstructionSet.Reference)), new("class"),
        Path.Combine(sandbox.Folder, $"scratch-{wireVersion}"))
    {
        Name = $"v{wireVersion}", WireVersion = wireVersion, Options = new() { Study = study }, Notify = notices.Enqueue,
    };

    /// <summary>Of a release that did not say which it is.</summary>
    private static SiloDescription OlderSilo(DateTimeOffset now) =>
        new(new("older"), new("another class"), "host", 1, 1, 1 << 30, now, SiloActivity.Idle, "");
}
