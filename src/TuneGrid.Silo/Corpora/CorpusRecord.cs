using System.Text.Json;
using System.Text.Json.Serialization;
using TuneGrid.Training.Corpora;
using TuneGrid.Training.Files;

namespace TuneGrid.Silo.Corpora;

/// <summary>One text file of a corpus as it was when it was examined.</summary>
/// <param name="Bytes">The file's length; another length means another text.</param>
/// <param name="Modified">Its last write, compared only where the file is not our own copy.</param>
internal sealed record CorpusFile(
    string Path, long Bytes, DateTime Modified, DocumentLayout Layout, string? Sha256 = null, string? Source = null);

/// <summary>What corpus.json says, so that a corpus of gigabytes opens without being read.</summary>
/// <param name="Valid">Null where validation is held out of the training file by <paramref name="HeldOutBelow"/>.</param>
internal sealed record CorpusRecord(
    string Name,
    string Hash,
    CorpusOrigin Origin,
    CorpusFile Train,
    CorpusFile? Valid,
    ulong? HeldOutBelow,
    CorpusPart TrainPart,
    CorpusPart ValidPart)
{
    private static readonly JsonSerializerOptions JsonOptions = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>Reads the files once and describes them.</summary>
    /// <exception cref="CorpusException">A file cannot be read, is no UTF-8 text or holds too few stories.</exception>
    /// <exception cref="OperationCanceledException">It was told to stop.</exception>
    public static CorpusRecord Examine(
        string name, CorpusOrigin origin, string trainPath, string? validPath, CancellationToken cancellation = default)
    {
        var train = Look(trainPath, cancellation);
        var valid = validPath is null ? null : Look(validPath, cancellation);
        var trainSource = new FileSource(train.Path, train.Layout, cancellation);
        ulong? heldOutBelow = valid is null ? HeldOutSource.ChooseThreshold(trainSource) : null;
        var (trainSide, validSide) = Sides(train, valid, heldOutBelow, cancellation);
        var text = CorpusDigest.Describe(name, trainSide, validSide);
        if (text.TrainPart.Documents + (valid is null ? text.ValidPart.Documents : 0) < 2)
        {
            throw new CorpusException(
                $"'{trainPath}' holds a single story; put a line '<|endoftext|>' between stories, or register a longer text");
        }
        return new CorpusRecord(name, text.Hash, origin, train, valid, heldOutBelow, text.TrainPart, text.ValidPart);
    }

    public static CorpusRecord Read(string path)
    {
        try
        {
            var record = JsonSerializer.Deserialize<CorpusRecord>(File.ReadAllBytes(path), JsonOptions)
                ?? throw new JsonException("it is null");
            return record.Hash.Length == 64 && record.Hash.All(char.IsAsciiHexDigitLower)
                ? record
                : throw new JsonException("its hash is not a SHA-256");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new CorpusException($"'{path}' does not describe a corpus ({e.Message}); remove its folder and add the corpus again", e);
        }
    }

    public void Write(string path) => AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, this, JsonOptions));

    /// <summary>The text, with paths taken relative to <paramref name="folder"/>.</summary>
    /// <exception cref="CorpusException">A file is missing or has another length than when it was examined.</exception>
    public CorpusText Open(string folder)
    {
        var (train, valid) = (Locate(Train, folder), Valid is null ? null : Locate(Valid, folder));
        var (trainSide, validSide) = Sides(train, valid, HeldOutBelow);
        return new CorpusText(Name, Hash, trainSide, TrainPart, validSide, ValidPart) { Mend = Mend(folder) };
    }

    private string Mend(string folder) => Origin switch
    {
        CorpusOrigin.Fetched => $"remove '{folder}' and fetch it again: tunegrid corpus fetch {Name}",
        CorpusOrigin.Folder => $"put the published text into '{folder}' again",
        _ => $"remove '{folder}' and add the same text again: tunegrid corpus add {Name} --train FILE",
    };

    private CorpusFile Locate(CorpusFile file, string folder)
    {
        var path = Path.Combine(folder, file.Path);
        var info = new FileInfo(path);
        return info.Exists && info.Length == file.Bytes
            ? file with { Path = path }
            : throw new CorpusException(
                $"the text of corpus '{Name}' was changed: "
                    + $"'{path}' is {(info.Exists ? "of another length" : "missing")}; add the corpus again");
    }

    private static (IDocumentSource Train, IDocumentSource Valid) Sides(
        CorpusFile train, CorpusFile? valid, ulong? heldOutBelow, CancellationToken cancellation = default)
    {
        var all = new FileSource(train.Path, train.Layout, cancellation);
        return valid is not null
            ? (all, new FileSource(valid.Path, valid.Layout, cancellation))
            : (new HeldOutSource(all, heldOutBelow ?? 0, heldOut: false), new HeldOutSource(all, heldOutBelow ?? 0, heldOut: true));
    }

    private static CorpusFile Look(string path, CancellationToken cancellation)
    {
        var layout = TextFile.Examine(path, cancellation);
        var info = new FileInfo(path);
        return new CorpusFile(path, info.Length, info.LastWriteTimeUtc, layout);
    }
}
