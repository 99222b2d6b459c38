using TuneGrid.Cli.Terminal;
using TuneGrid.Coordination;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Work;
using TuneGrid.Search.Analysis;
using TuneGrid.Search.Space;
using TuneGrid.Silo.Corpora;
using TuneGrid.Storage;
using TuneGrid.Training.Corpora;

namespace TuneGrid.Cli.Context;

/// <summary>What earlier studies of a store know of a class's noise.</summary>
internal static class KnownNoise
{
    /// <summary>Returns null where nothing is known.</summary>
    /// <param name="corpus">The content hash of the corpus.</param>
    public static async Task<NoiseModel?> ReadAsync(
        IStudyStore store, SearchSpace space, HardwareClass hardware, string corpus, CancellationToken cancellation) =>
        await EarlierNoise.ReadAsync(store, hardware, corpus, space.Budget, null, cancellation) is { } noise ? new(noise.Points) : null;

    /// <summary>The same for whoever has no store open: makes none, and takes one that can't be read for empty.</summary>
    public static async Task<NoiseModel?> FindAsync(
        CommandContext context, StoreChoice choice, SearchSpace space, int threads, CancellationToken cancellation)
    {
        try
        {
            if (context.Location(choice) is StoreLocation.Sqlite { File: var file } && !File.Exists(file))
                return null;
            var corpus = context.Corpora.Resolve(space.Corpus);
            await using var opened = await context.OpenStoreAsync(choice, cancellation);
            return await ReadAsync(opened.Studies, space, context.Class(threads), corpus.Hash, cancellation);
        }
        catch (Exception fault) when (
            fault is StoreUnavailableException or StoreUnusableException or CorpusException or UsageException or IOException
                or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
