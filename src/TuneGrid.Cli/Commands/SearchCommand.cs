using System.CommandLine;
using TuneGrid.Cli.Backends;
using TuneGrid.Cli.Context;
using TuneGrid.Cli.Flags;
using TuneGrid.Cli.Input;
using TuneGrid.Cli.Output;
using TuneGrid.Cli.Sessions;
using TuneGrid.Cli.Telemetry;
using TuneGrid.Cli.Terminal;
using TuneGrid.Coordination;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Telemetry;
using TuneGrid.Search.Reading;
using TuneGrid.Search.Space;
using TuneGrid.Silo.Hosting;
using TuneGrid.Storage;
using TuneGrid.Training.Corpora;

namespace TuneGrid.Cli.Commands;

/// <summary><c>tunegrid search FILE</c>: a new study, followed to its champion.</summary>
internal static class SearchCommand
{
    public static Command Create(CliConsole console)
    {
        var file = new Argument<string>("file") { Description = "A search space, for example search-spaces/quick.json, or - for stdin" };
        var set = TrainingFlags.SetOption("Overrides a field of the file, for example budget.seconds=60; repeat for more");
        var noSilo = new Option<bool>("--no-silo") { Description = "Train nothing here: other silos of the store do the work" };
        var detach = CommonOptions.Detach();
        var length = CommonOptions.Duration(
            "--for", "End after so long, with the champion until then, for example 2h [default: the file's]");
        var seed = CommonOptions.Seed("Seed of the search [default: the file's]");
        var name = new Option<string?>("--name") { Description = "What the study is called [default: the space's name and four letters]" };
        var (threads, store) = (CommonOptions.Threads(), new StoreFlag());
        var (output, trace) = (CommonOptions.Output(), new TraceFlag());
        var command = new Command("search", "Searches a space for the strongest model.")
        {
            file, set, length, seed, name, noSilo, detach, threads, output,
        };
        store.AddTo(command);
        trace.AddTo(command);
        var backend = new BackendFlag().AddTo(command);
        var listen = new ListenFlag(isClientToo: true).AddTo(command);
        var warmStart = new WarmStartFlag().AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            if (parsed.GetValue(detach) && !Background.IsHere(console))
                return await Background.StartAsync(console, parsed.GetValue(output), cancellation);
            if (parsed.GetValue(detach))
                Background.Leave(console);
            if (listen.IsGiven(parsed) && parsed.GetValue(noSilo))
                throw new UsageException("--listen is for a silo of this search, and --no-silo hosts none");
            IReadOnlyList<string> overrides =
            [
                .. parsed.GetValue(set) ?? [],
                .. parsed.GetValue(seed) is { } number ? [$"seed={number}"] : Array.Empty<string>(),
                .. parsed.GetValue(length) is { } limit ? [$"stop.after={Durations.Text(limit)}"] : Array.Empty<string>(),
            ];
            StudyId? asked = parsed.GetValue(name) is { } chosen ? StudyName.Checked(chosen) : null;
            var context = new CommandContext(console) { Backend = backend.Read(parsed) };
            var access = listen.Read(parsed, console, line => context.Report(line));
            var (space, json) = SpaceFile.ReadValid(console, parsed.GetValue(file)!, overrides);
            using var tracing = Tracing.Start(trace.Read(parsed), console.Error);
            var silo = parsed.GetValue(noSilo) ? null : context.Silo(parsed.GetValue(threads)) with { Listen = access.Silo };
            if (space.Budget.Kind == BudgetKind.Joules && silo is { Trainer.Joules: null })
                throw CountsNoJoules();
            var corpus = context.Corpora.Resolve(space.Corpus);
            // Before there is a study: a damaged text would leave it waiting for ever.
            if (silo is not null)
                new CheckedText(corpus).VerifyQuickly();
            await using var opened = await context.OpenStoreAsync(store.Read(parsed), cancellation);
            // What a silo will ask for at its start is asked before there is a study that nobody would serve.
            if (silo is not null)
                await opened.ClaimArtifactsAsync(cancellation);
            using var span = GridInstruments.Source.StartActivity("tunegrid.study");
            var plan = new NewStudy(space.Name, json, new(corpus.Name, corpus.Hash), span?.Id, space.Disturbance.Policy)
            {
                Earlier = await warmStart.FindAsync(parsed, opened.Studies, space, console.Error, cancellation),
            };
            var study = asked is { } id
                ? await StudyName.CreateAsync(opened.Studies, id, plan, cancellation)
                : await StudyLauncher.CreateAsync(opened.Studies, plan, new Random(), cancellation);
            span?.SetTag("tunegrid.study", study.Value).SetTag("tunegrid.corpus", corpus.Name);
            console.Error.WriteLine($"study {study}: {SpaceFile.Summary(space with { Corpus = corpus.Name })}");
            await PrintPlanAsync(console, context, opened, new(space, corpus.Hash, parsed.GetValue(threads), silo), cancellation);
            if (silo is not null && AppleGpu.NoteFor(context.Backend, AppleGpu.IsHere) is { } note)
                console.Error.WriteLine(note);
            var options = new SessionOptions(silo, parsed.GetValue(output), access.Client)
            {
                Started = parsed.GetValue(detach) ? () => Background.LetGo(console, context.Home.Folder, study) : null,
            };
            return await new SearchSession(console, context, opened, options).RunAsync(study, cancellation);
        });
        return command;
    }

    /// <summary>What the search will take stands there before its first trial.</summary>
    private static async Task PrintPlanAsync(
        CliConsole console, CommandContext context, OpenedStore opened, Planned search, CancellationToken cancellation)
    {
        var threads = CommandContext.ThreadsOrDefault(search.Threads);
        var noise = await KnownNoise.ReadAsync(opened.Studies, search.Space, context.Class(threads), search.Corpus, cancellation);
        foreach (var line in StudyPlan.Of(search.Space, noise, threads, search.Silo?.Trainer.MemoryLimitBytes ?? 0).Lines())
            console.Error.WriteLine(line);
    }

    /// <param name="Corpus">The content hash of the corpus.</param>
    /// <param name="Silo">The one that works here; null if others do.</param>
    private sealed record Planned(SearchSpace Space, string Corpus, int? Threads, SiloSettings? Silo);

    private static UsageException CountsNoJoules() => new(
        "this machine's energy counters can't be read, which a budget in joules needs; use seconds, tokens or steps, "
        + "or --no-silo and silos that can");
}
