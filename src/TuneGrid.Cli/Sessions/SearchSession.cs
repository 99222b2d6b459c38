using System.Diagnostics;
using System.Text.Json.Nodes;
using TuneGrid.Cli.Context;
using TuneGrid.Cli.Live;
using TuneGrid.Cli.Output;
using TuneGrid.Cli.Terminal;
using TuneGrid.Cli.Views;
using TuneGrid.Coordination;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Work;
using TuneGrid.Silo.Hosting;
using TuneGrid.Silo.Security;
using TuneGrid.Silo.Segments;
using TuneGrid.Storage;

namespace TuneGrid.Cli.Sessions;

/// <param name="Silo">
/// How the embedded silo runs; null where others do the work, and then this process is a client of their cluster.
/// </param>
/// <param name="Security">How a client speaks to clusters of other machines.</param>
internal sealed record SessionOptions(SiloSettings? Silo, OutputFormat Output, ClusterSecurity Security)
{
    /// <summary>Whether the study is somebody else's: this process looks until its end, through pauses too, or until Ctrl-C.</summary>
    public bool OnlyWatches { get; init; }

    /// <summary>Hears, once, that the study runs: whoever is to train for it has come.</summary>
    public Action? Started { get; init; }
}

/// <summary>Follows a study to its end, beside an embedded silo that works on it, and reports the champion.</summary>
internal sealed class SearchSession(CliConsole console, CommandContext context, OpenedStore store, SessionOptions options)
{
    private static readonly TimeSpan RedrawEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan StoreRetryEvery = TimeSpan.FromSeconds(2);
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly HardwareClass _hardware = context.Class(options.Silo?.Threads ?? CommandContext.ThreadsOrDefault(null));
    private volatile string _note = "";
    private bool _hasStarted;

    public async Task<int> RunAsync(StudyId id, CancellationToken stop)
    {
        var study = new StudyFollower(store.Studies, id, SpacePlanner.Read);
        // Before the silo starts: a line printed under a frame that is redrawn in place would stay there.
        if (console.IsErrorTerminal)
            context.Report = note => _note = note;
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task silo = options.Silo is { } settings
            ? SiloHost.RunAsync(context.EncodedCorpora, store, Embedded(settings, id), enough.Token)
            : Task.CompletedTask;
        try
        {
            await FollowPatientlyAsync(study, silo, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            if (options.Silo is not null)
                console.Error.WriteLine("stopping: the segment is checkpointed (Ctrl-C again quits at once) ...");
        }
        finally
        {
            await enough.CancelAsync();
            await silo.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        if (options.OnlyWatches && stop.IsCancellationRequested)
            return console.Interrupts.ExitCode;
        await study.RefreshAsync(CancellationToken.None);
        if (!study.State.IsOpen)
            return await ReportAsync(new(study.State), options.OnlyWatches ? null : await KeepAsync(id), stop);
        if (silo.IsFaulted)
            await silo;
        return await LeaveAsync(study.State, stop);
    }

    /// <summary>The study goes on without this process, or waits.</summary>
    private async Task<int> LeaveAsync(StudyState state, CancellationToken stop)
    {
        var others = await OthersAsync(state);
        console.Error.WriteLine(state.Status == StudyStatus.Running && others > 0
            ? $"tunegrid: {state.Id} goes on without this one: {others} {(others == 1 ? "silo works" : "silos work")} on it; "
                + $"pause it with: tunegrid pause {state.Id}"
            : $"tunegrid: {state.Id} is paused, nothing is lost; go on with: tunegrid resume {state.Id}");
        if (stop.IsCancellationRequested)
            return console.Interrupts.ExitCode;
        if (options.Output == OutputFormat.Json)
            await WriteJsonAsync(new(state), null, stop);
        return ExitCodes.Failure;
    }

    private async Task<int> OthersAsync(StudyState state)
    {
        var now = await store.Studies.NowAsync(CancellationToken.None);
        var silos = await store.Studies.SilosAsync(CancellationToken.None);
        return silos.Count(s => s.IsAlive(now, context.LeaseTimeToLive) && (s.Silo.Study is null || s.Silo.Study == state.Id));
    }

    /// <summary>
    /// Does what is due at a study's end, whoever else may be doing it too, also for one that was told to stop meanwhile: what stays is
    /// exactly what the space says. Returns how much that is; null if the store can't be reached now, and then the next start does it.
    /// </summary>
    private async Task<ArtifactAmount?> KeepAsync(StudyId study)
    {
        try
        {
            var sweep = store.Sweep();
            await sweep.TidyAsync(CancellationToken.None);
            return await sweep.KeptAsync(study, CancellationToken.None);
        }
        catch (Exception fault) when (fault is StoreUnavailableException or StoreUnusableException or IOException)
        {
            console.Error.WriteLine($"tunegrid: old checkpoints could not be deleted: {fault.Message}; the next start does it");
            return null;
        }
    }

    /// <summary>The champion, a story it writes, and what to try next; or one JSON object.</summary>
    private async Task<int> ReportAsync(StudyView view, ArtifactAmount? kept, CancellationToken cancellation)
    {
        var hardware = StudyReport.ClassOf(view, _hardware);
        var champion = view.Champion(hardware);
        if (options.Output == OutputFormat.Json)
            await WriteJsonAsync(view, kept, cancellation);
        else if (champion is not null)
        {
            var model = await ChampionModel.PathAsync(view, hardware, store.Artifacts, cancellation);
            PrintChampion(view, champion, model, kept, cancellation);
        }
        if (view.Status == StudyStatus.Completed && view.ProposalsEnded(hardware) is { } reason)
        {
            var trials = view.Own.Count(t => t.Class == hardware);
            console.Error.WriteLine($"tunegrid: {view.Id} ended after {trials} of {view.Space.Trials} trials: {reason}");
        }
        if (view.Status == StudyStatus.Cancelled)
        {
            console.Error.WriteLine($"tunegrid: {view.Id} was cancelled");
        }
        else if (champion is null)
        {
            var why = view.WasTooShort(hardware)
                ? "its time was over before a trial was trained for the whole budget"
                : $"{view.Failed} of {view.Trials.Count} trials failed";
            console.Error.WriteLine($"tunegrid: {view.Id} ended without a champion: {why}; see 'tunegrid trials {view.Id}'");
        }
        return view.Status == StudyStatus.Completed && champion is not null ? ExitCodes.Fine : ExitCodes.Failure;
    }

    private async Task WriteJsonAsync(StudyView view, ArtifactAmount? kept, CancellationToken cancellation)
    {
        var hardware = StudyReport.ClassOf(view, _hardware);
        var model = await ChampionModel.PathAsync(view, hardware, store.Artifacts, cancellation);
        var now = await store.Studies.NowAsync(cancellation);
        var seconds = options.OnlyWatches ? view.WallSeconds(now) : Stopwatch.GetElapsedTime(_started).TotalSeconds;
        var report = StudyReport.Of(view, hardware, model, seconds, now);
        if (kept is not null)
            report["kept"] = new JsonObject { ["artifacts"] = kept.Count, ["bytes"] = kept.Bytes };
        Json.WriteResult(console, report);
    }

    /// <summary>
    /// It serves one person who watches, on a machine of their own: it speaks every second, and after a crash its trial is free again soon.
    /// </summary>
    private static SiloSettings Embedded(SiloSettings settings, StudyId id) => settings with
    {
        Options = settings.Options with
        {
            Study = id, Heartbeat = TimeSpan.FromSeconds(1), TimeToLive = TimeSpan.FromSeconds(10), Poll = TimeSpan.FromSeconds(1),
        },
    };

    private void PrintChampion(
        StudyView view, ChampionView champion, string? model, ArtifactAmount? kept, CancellationToken cancellation)
    {
        StudyText.WriteChampion(console.Word, champion);
        if (view.Space?.Note is { } note)
            console.Word.WriteLine($"  {note}");
        if (kept is not null)
            console.Word.WriteLine($"  kept {StudyText.Count(kept)}, {Text.Bytes(kept.Bytes)}");
        if (model is null)
            return;
        console.Word.WriteLine($"  model {model}");
        console.Word.WriteLine($"\n{StorySample.Generate(context, model, cancellation)}\n");
        console.Word.WriteLine($"next: tunegrid sample {view.Id} --prompt \"The little dragon\"");
    }

    /// <summary>A store that is out of reach for a while ends no search: silos wait for it too, and what they train is not lost.</summary>
    private async Task FollowPatientlyAsync(StudyFollower study, Task silo, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                await FollowAsync(study, silo, stop);
                return;
            }
            catch (StoreUnavailableException fault)
            {
                var interrupt = options.OnlyWatches ? "ends the view" : "pauses the study";
                console.Error.WriteLine($"{fault.Message}; trying again until it does (Ctrl-C {interrupt})");
                await Task.Delay(StoreRetryEvery, stop);
            }
        }
    }

    private async Task FollowAsync(StudyFollower study, Task silo, CancellationToken stop)
    {
        using ISearchView screen = console.IsErrorTerminal ? new LiveView(console.Screen) : new PlainView(console.Error);
        await using var feed = options.Silo is null ? new StudyFeed(store, study.State.Id, options.Security) : null;
        var idle = new IdleSilos(store.Studies, study.State.Id, context.LeaseTimeToLive);
        while (true)
        {
            var news = await study.RefreshAsync(stop);
            IReadOnlyList<Lease> leases = [.. study.Leases.Select(l => l with { Progress = feed?.ProgressOf(l.Trial) ?? l.Progress })];
            var view = new StudyView(study.State);
            var now = await store.Studies.NowAsync(stop);
            var snapshot = new SearchSnapshot(view, StudyReport.ClassOf(view, _hardware), leases, now)
            {
                Note = _note, Idle = await idle.ReadAsync(stop),
            };
            screen.Show(snapshot, news);
            var hasEnded = HasEnded(study);
            await StartedAsync(study.State, hasEnded, silo);
            // The last silo may have left, or died, before anybody noticed that its report was the last. Who only looks writes nothing.
            if (hasEnded || silo.IsFaulted || (!options.OnlyWatches && await study.TryEndAsync(context.LeaseTimeToLive, stop)))
                return;
            await WaitAsync(study, feed, stop);
        }
    }

    private async Task StartedAsync(StudyState state, bool hasEnded, Task silo)
    {
        if (_hasStarted || options.Started is not { } started)
            return;
        _hasStarted = hasEnded || (!silo.IsFaulted && (options.Silo is null || await OthersAsync(state) > 0));
        if (_hasStarted)
            started();
    }

    /// <summary>It is over; or somebody has paused it, and those who trained have given their leases back.</summary>
    private bool HasEnded(StudyFollower study) =>
        !study.State.IsOpen
            || (!options.OnlyWatches && study.State.Status == StudyStatus.Paused && study.State.Classes.All(c => c.Running.Count == 0));

    /// <summary>Until the cluster or the store has news, or it is time to redraw.</summary>
    private static async Task WaitAsync(StudyFollower study, StudyFeed? feed, CancellationToken stop)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var changed = study.WaitAsync(RedrawEvery, enough.Token).AsTask();
        await (feed is null ? changed : Task.WhenAny(changed, feed.WaitAsync(enough.Token)));
        // Whoever waits no longer must not take the news from those who still do.
        await enough.CancelAsync();
        await changed.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.ThrowIfCancellationRequested();
        if (changed.Exception?.InnerException is StoreUnavailableException fault)
            throw fault;
    }
}
