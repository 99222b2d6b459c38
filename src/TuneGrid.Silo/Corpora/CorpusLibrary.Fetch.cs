using System.Security.Cryptography;
using TuneGrid.Silo.Corpora.Fetching;
using TuneGrid.Storage;
using TuneGrid.Training.Corpora;

namespace TuneGrid.Silo.Corpora;

public sealed partial class CorpusLibrary
{
    /// <summary>Where TinyStories (Eldan and Li, arXiv:2305.07759) is published.</summary>
    public static readonly Uri TinyStoriesAddress = new("https://huggingface.co/datasets/roneneldan/TinyStories/resolve/main/");

    /// <summary>
    /// Downloads a published corpus and registers it, with its size, hash and origin; one that is there already is not fetched again.
    /// </summary>
    /// <param name="name">"tinystories", the only one so far.</param>
    /// <param name="address">A folder with TinyStories-train.txt and TinyStories-valid.txt; null for where they are published.</param>
    /// <exception cref="CorpusException">It cannot be had; the message says why.</exception>
    /// <exception cref="OperationCanceledException">What came so far is kept for the next time.</exception>
    public async Task<CorpusEntry> FetchAsync(
        string name,
        Uri? address = null,
        IProgress<FetchProgress>? progress = null,
        FetchOptions? options = null,
        CancellationToken cancellation = default)
    {
        if (name != CorpusName.TinyStories)
            throw new CorpusException($"'{name}' cannot be fetched; 'tinystories' can. Register other texts with 'tunegrid corpus add'");
        if (Kept(name) is { } there)
            return there;
        var waiting = Path.Combine(Folder, ".fetch");
        // Until it is installed: a second one would find the files complete and move them away.
        using var only = Lock(waiting);
        if (Kept(name) is { } meanwhile)
            return meanwhile;
        var sources = new Dictionary<string, Uri>(StringComparer.Ordinal)
        {
            [TrainName] = FileAddress(address, PublishedTrainName),
            [ValidName] = FileAddress(address, PublishedValidName),
        };
        await DownloadAsync(sources, waiting, progress, options ?? new FetchOptions(), cancellation).ConfigureAwait(false);
        return Install(name, CorpusOrigin.Fetched, folder =>
        {
            foreach (var file in sources.Keys)
                File.Move(Path.Combine(waiting, file), Path.Combine(folder, file));
        }, cancellation, record => record with
        {
            Train = Sourced(record.Train, sources[TrainName]), Valid = Sourced(record.Valid!, sources[ValidName]),
        });
    }

    private CorpusEntry? Kept(string name) =>
        File.Exists(Path.Combine(Folder, name, RecordName)) && TryOpen(name, out var origin) is { } text
            ? CorpusEntry.Of(text, origin)
            : null;

    private static async Task DownloadAsync(
        Dictionary<string, Uri> sources,
        string folder,
        IProgress<FetchProgress>? progress,
        FetchOptions options,
        CancellationToken cancellation)
    {
        using var client = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("TuneGrid/1.0");
        try
        {
            foreach (var (file, source) in sources)
            {
                await new FileDownload(client, source, Path.Combine(folder, file), options, progress)
                    .RunAsync(cancellation)
                    .ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CorpusException($"cannot keep what is fetched in '{folder}': {e.Message}", e);
        }
    }

    private static FileStream Lock(string folder)
    {
        var path = Path.Combine(folder, "lock");
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CorpusException($"cannot keep what is fetched in '{folder}': {e.Message}", e);
        }
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new CorpusException($"cannot keep what is fetched in '{folder}': {e.Message}", e);
        }
        catch (IOException e)
        {
            throw new CorpusException($"another 'tunegrid corpus fetch' is at work (it holds '{path}'); wait for it", e);
        }
    }

    /// <summary>The base may or may not end in a slash, and its query (a token, say) goes with each file.</summary>
    private static Uri FileAddress(Uri? address, string file)
    {
        var folder = new UriBuilder(address ?? TinyStoriesAddress);
        folder.Path = $"{folder.Path.TrimEnd('/')}/{file}";
        return folder.Uri;
    }

    private static CorpusFile Sourced(CorpusFile file, Uri source)
    {
        using var stream = File.OpenRead(file.Path);
        return file with { Source = Secrets.Mask(source), Sha256 = Convert.ToHexStringLower(SHA256.HashData(stream)) };
    }
}
