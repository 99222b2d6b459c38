using System.CommandLine;
using TuneGrid.Cli.Runtimes;
using TuneGrid.Cli.Telemetry;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Telemetry;
using TuneGrid.Search.Space;

namespace TuneGrid.Cli.Commands;

/// <summary><c>tunegrid search FILE</c>: a new study, followed to its champion.</summary>
internal static class SearchCommand
{
    public static Command Create(CliConsole console)
    {
        var file = new Argument<string>("file") { Description = "A search space, for example search-spaces/quick.json, or - for stdin" };
        var set = TrainingFlags.SetOption("Overrides a field of the file, for example budget.seconds=60; repeat for more");
        var noSilo = new Option<bool>("--no-silo") { Description = "Train nothing here: other silos of the store do the work" };
        var seed = CommonOptions.Seed("Seed of the search [default: the file's]");
        var (threads, store, runtime) = (CommonOptions.Threads(), new StoreFlag(), CommonOptions.Runtime());
        var (output, trace) = (CommonOptions.Output(), CommonOptions.Trace());
        var command = new Command("search", "Searches a space for the strongest model.") { file, set, seed, noSilo, threads, runtime, output, trace };
        store.AddTo(command);
        var backend = new BackendFlag().AddTo(command);
        var listen = new ListenFlag(isClientToo: true).AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var carrier = GridRuntimes.Choose(parsed.GetValue(runtime), console.Variable);
            if (listen.IsGiven(parsed) && (parsed.GetValue(noSilo) || carrier == GridRuntime.Store))
            {
                var none = parsed.GetValue(noSilo) ? "--no-silo" : "--runtime store";
                throw new UsageException($"--listen is for a silo of this search, and {none} hosts none that could");
            }
            var place = new Workplace(console) { Backend = backend.Read(parsed) };
            var access = listen.Read(parsed, console, line => place.Report(line));
            IReadOnlyList<string> overrides = [.. parsed.GetValue(set) ?? [], .. parsed.GetValue(seed) is { } number ? [$"seed={number}"] : Array.Empty<string>()];
            var (space, json) = SpaceFile.ReadValid(console, parsed.GetValue(file)!, overrides);
            using var tracing = Tracing.Start(parsed.GetValue(trace), console.Error);
            var silo = parsed.GetValue(noSilo) ? null : place.Silo(parsed.GetValue(threads));
            if (space.Budget.Kind == BudgetKind.Joules && silo is { Trainer.Joules: null })
                throw new UsageException("this machine's energy counters can't be read, which a budget in joules needs; use seconds, tokens or steps, or --no-silo and silos that can");
            var corpus = place.Corpora.Resolve(space.Corpus);
            await using var opened = await place.OpenStoreAsync(store.Read(parsed), cancellation);
            using var span = GridInstruments.Source.StartActivity("tunegrid.study");
            var study = await StudyLauncher.CreateAsync(
                opened.Studies, space.Name, json, new(corpus.Name, corpus.Hash), new Random(), span?.Id, space.Disturbance.Policy, cancellation);
            span?.SetTag("tunegrid.study", study.Value).SetTag("tunegrid.corpus", corpus.Name);
            console.Error.WriteLine($"study {study}: {SpaceFile.Summary(space with { Corpus = corpus.Name })}");
            return await new SearchSession(console, place, opened, new(silo, parsed.GetValue(output), carrier)
            {
                Access = access, HasListen = listen.IsGiven(parsed),
            }).RunAsync(study, cancellation);
        });
        return command;
    }
}
