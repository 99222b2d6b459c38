using System.Diagnostics;
using TuneGrid.Cli.Commands;
using TuneGrid.Cli.Live;
using TuneGrid.Cli.Output;
using TuneGrid.Cli.Runtimes;
using TuneGrid.Cli.Views;
using TuneGrid.Coordination;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Trials;
using TuneGrid.Silo.Hosting;
using TuneGrid.Silo.Security;
using TuneGrid.Storage;

namespace TuneGrid.Cli;

/// <param name="Silo">How the embedded silo runs; null where others do the work.</param>
/// <param name="Runtime">Whether to talk to a cluster, if there is one.</param>
internal sealed record SessionOptions(SiloSettings? Silo, OutputFormat Output, GridRuntime Runtime = GridRuntime.Store)
{
    public ClusterAccess Access { get; init; } = new(new(), ClusterSecurity.None);

    /// <summary>Whether the embedded silo joins a cluster.</summary>
    public bool HasListen { get; init; }
}

/// <summary>Follows a study to its end, beside an embedded silo that works on it, and reports the champion.</summary>
internal sealed class SearchSession(CliConsole console, Workplace place, OpenedStore store, SessionOptions options)
{
    private static readonly TimeSpan RedrawEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan StoreRetryEvery = TimeSpan.FromSeconds(2);
    private ISiloRuntime? Carrier => options.HasListen ? GridRuntimes.Silo(options.Runtime, options.Access.Silo) : null;

    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly HardwareClass _hardware = place.Class(options.Silo?.Threads ?? Workplace.ThreadsOrDefault(null));

    public async Task<int> RunAsync(StudyId id, CancellationToken stop)
    {
        var view = new StudyView(id);
        // Before the silo starts: a line printed under a picture that is redrawn in place would stay there.
        if (console.IsErrorTerminal)
            place.Report = note => _note = note;
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task silo = options.Silo is { } how ? SiloHost.RunAsync(place.Shelf, store, Embedded(how, id), enough.Token, Carrier) : Task.CompletedTask;
        try
        {
            await FollowPatientlyAsync(view, silo, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            console.Error.WriteLine(options.Silo is null ? "" : "stopping: the segment is checkpointed (Ctrl-C again quits at once) ...");
        }
        finally
        {
            await enough.CancelAsync();
            await silo.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await view.CatchUpAsync(store.Studies, CancellationToken.None);
        if (view.Status != StudyStatus.Running)
            return await ReportAsync(view, stop);
        if (silo.IsFaulted)
            await silo;
        console.Error.WriteLine($"tunegrid: {id} is paused, nothing is lost; go on with: tunegrid resume {id}");
        return console.Interrupts.ExitCode;
    }

    /// <summary>The champion, a story it writes, and what to try next; or one JSON object.</summary>
    public async Task<int> ReportAsync(StudyView view, CancellationToken cancellation)
    {
        var hardware = StudyReport.ClassOf(view, _hardware);
        var model = await ChampionModel.PathAsync(view, hardware, store.Artifacts, cancellation);
        var champion = view.Champion(hardware);
        if (options.Output == OutputFormat.Json)
            Json.Write(console, StudyReport.Of(view, hardware, model, Stopwatch.GetElapsedTime(_started).TotalSeconds, await store.Studies.NowAsync(cancellation)));
        else if (champion is not null)
            Celebrate(view.Id, champion, model, cancellation);
        if (view.Status == StudyStatus.Cancelled)
            console.Error.WriteLine($"tunegrid: {view.Id} was cancelled");
        else if (champion is null)
            console.Error.WriteLine($"tunegrid: {view.Id} ended without a champion: {view.Failed} of {view.Trials.Count} trials failed; see 'tunegrid trials {view.Id}'");
        return view.Status == StudyStatus.Completed && champion is not null ? ExitCodes.Fine : ExitCodes.Failure;
    }

    /// <summary>It serves one person who watches, on a machine of their own: it speaks every second, and after a crash its trial is free again soon.</summary>
    private static SiloSettings Embedded(SiloSettings how, StudyId id) => how with
    {
        Options = how.Options with { Study = id, Heartbeat = TimeSpan.FromSeconds(1), TimeToLive = TimeSpan.FromSeconds(10), Poll = TimeSpan.FromSeconds(1) },
    };

    private void Celebrate(StudyId id, TrialView champion, string? model, CancellationToken cancellation)
    {
        StudyText.WriteChampion(console.Out, champion);
        if (model is null)
            return;
        console.Out.WriteLine($"  model {model}");
        console.Out.WriteLine($"\n{Storyteller.Tell(place, model, cancellation)}\n");
        console.Out.WriteLine($"next: tunegrid sample {id} --prompt \"The little dragon\"");
    }

    /// <summary>A store that is out of reach for a while ends no search: silos wait for it too, and what they train is not lost.</summary>
    private async Task FollowPatientlyAsync(StudyView view, Task silo, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                await FollowAsync(view, silo, stop);
                return;
            }
            catch (StoreUnavailableException fault)
            {
                console.Error.WriteLine($"{fault.Message}; trying again until it does (Ctrl-C pauses the study)");
                await Task.Delay(StoreRetryEvery, stop);
            }
        }
    }

    private async Task FollowAsync(StudyView view, Task silo, CancellationToken stop)
    {
        using ISearchView screen = console.IsErrorTerminal ? new LiveView(console.Error) : new PlainView(console.Error);
        await using var line = GridRuntimes.Line(options.Runtime, store, view.Id, options.Access.Client);
        for (var cursor = 0L; ;)
        {
            var news = await view.CatchUpAsync(store.Studies, stop);
            IReadOnlyList<Lease> leases = [.. (await store.Studies.LeasesAsync(view.Id, stop)).Select(l => l with { Progress = line?.ProgressOf(l.Trial) ?? l.Progress })];
            var now = await store.Studies.NowAsync(stop);
            screen.Show(new(view, StudyReport.ClassOf(view, _hardware), leases, now) { Note = _note }, news);
            if (view.Status != StudyStatus.Running || silo.IsFaulted)
                return;
            cursor = await WaitAsync(line, cursor, stop);
        }
    }

    /// <summary>Until the cluster or the store has news, or it is time to redraw.</summary>
    private async Task<long> WaitAsync(IStudyLine? line, long cursor, CancellationToken stop)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var changed = store.Studies.WaitForChangeAsync(cursor, RedrawEvery, enough.Token).AsTask();
        if (line is null)
            return await changed;
        var first = await Task.WhenAny(changed, line.WaitAsync(enough.Token));
        // Whoever waits no longer must not take the news from those who still do.
        await enough.CancelAsync();
        if (first == changed)
            return await changed;
        await ((Task)changed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.ThrowIfCancellationRequested();
        return cursor;
    }

    private volatile string _note = "";
}
