using TuneGrid.Cli.Terminal;
using TuneGrid.Coordination.Silos;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Coordination.Work;
using TuneGrid.Search.Space;
using TuneGrid.Silo.Segments;
using TuneGrid.Storage;
using TuneGrid.Testing.Commands;

namespace TuneGrid.Cli.Tests;

public sealed class StoreTests
{
    [Fact]
    public async Task A_store_is_made_and_may_be_made_again()
    {
        using var shell = new Shell();
        var where = Path.Combine(shell.Home, "elsewhere");

        var early = await shell.RunAsync("store", "upgrade", "--store", where);
        var first = await shell.RunAsync("store", "init", "--store", where);
        var again = await shell.RunAsync("store", "upgrade", "--store", where);

        Assert.True(early.Code == ExitCodes.Failure, early.ToString());
        Assert.Contains("tunegrid store init", early.Error);
        Assert.True(first.Code == ExitCodes.Fine, first.ToString());
        Assert.Contains("is ready", again.Out);
        Assert.True(File.Exists(Path.Combine(where, "tunegrid.db")));
    }

    [Fact]
    public async Task A_sweep_deletes_what_dead_silos_left_and_spares_what_is_new_while_a_silo_trains()
    {
        using var shell = new Shell();
        var where = Path.Combine(shell.Home, "elsewhere");
        await using var store = await StoreOpener.OpenAsync(StoreLocation.Parse(where));
        var source = Path.Combine(shell.Home, "checkpoint");
        await File.WriteAllTextAsync(source, "old");
        var old = await store.Artifacts.PutAsync(source, CancellationToken.None);
        File.SetLastWriteTimeUtc(await store.Artifacts.GetAsync(old, CancellationToken.None), new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        await File.WriteAllTextAsync(source, "new");
        var young = await store.Artifacts.PutAsync(source, CancellationToken.None);

        var space = """{ "budget": { "steps": 9 }, "parameters": { "tied": { "type": "bool" } } }""";
        var study = await StudyLauncher.CreateAsync(
            store.Studies, new("s", space, new("storybook", "x"), null, DisturbancePolicy.Accept), new(1), CancellationToken.None);
        var silo = new SiloDescription(new("a"), new("class"), "host", 1, 1, 1, DateTimeOffset.UtcNow, SiloActivity.Idle, "");
        var coordinator = new LedgerCoordinator(store.Studies, SpacePlanner.Read, new(), TimeProvider.System);
        var work = (await coordinator.AskAsync(study, new(silo, true, new("token")), CancellationToken.None)).Work!;

        var swept = await shell.RunAsync("store", "sweep", "--store", where);

        Assert.True(swept.Code == ExitCodes.Fine, swept.ToString());
        Assert.Contains("1 artifact deleted that no study needs, ", swept.Out);
        Assert.Equal((false, true), (store.Artifacts.IsLocal(old), store.Artifacts.IsLocal(young)));

        await coordinator.ReportAsync(work, new SegmentOutcome.Stopped(0, null), null, CancellationToken.None);
        Assert.Contains("1 artifact deleted", (await shell.RunAsync("store", "sweep", "--store", where)).Out);
        Assert.False(store.Artifacts.IsLocal(young));
    }

    [Fact]
    public async Task A_password_is_never_printed()
    {
        using var shell = new Shell();

        var answer = await shell.RunAsync("studies", "--store", "Host=127.0.0.1;Port=1;Username=u;Password=sesame;Timeout=1");

        Assert.Equal(ExitCodes.Failure, answer.Code);
        Assert.DoesNotContain("sesame", answer.ToString());
    }
}
