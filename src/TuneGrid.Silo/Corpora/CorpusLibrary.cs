using System.Security.Cryptography;
using System.Text;
using TuneGrid.Training.Corpora;
using TuneGrid.Training.Corpora.Storybook;
using TuneGrid.Training.Files;

namespace TuneGrid.Silo.Corpora;

/// <summary>
/// The corpora of this machine: <c>corpora/NAME/</c> under the home folder holds a copy of the text and what was found in it. A folder
/// appears there whole, by renaming, or not at all.
/// </summary>
/// <param name="publishedFolder">A folder that may hold TinyStories already, under the names it is published by; null for none.</param>
public sealed partial class CorpusLibrary(string homeFolder, string? publishedFolder)
{
    public const string FolderVariable = "TUNEGRID_CORPORA";

    private const string RecordName = "corpus.json";
    private const string TrainName = "train.txt";
    private const string ValidName = "valid.txt";
    private const string PublishedTrainName = "TinyStories-train.txt";
    private const string PublishedValidName = "TinyStories-valid.txt";

    /// <summary>The library that takes the folder of published texts from <c>$TUNEGRID_CORPORA</c>.</summary>
    public CorpusLibrary(string homeFolder) : this(homeFolder, Environment.GetEnvironmentVariable(FolderVariable))
    {
    }

    private string Folder => Path.Combine(homeFolder, "corpora");

    /// <summary>The corpus of a name; "auto" is TinyStories where this machine has it, else the storybook.</summary>
    /// <exception cref="CorpusException">There is none; the message lists those there are.</exception>
    public CorpusText Resolve(string name) => name switch
    {
        StorybookCorpus.Name => StorybookCorpus.Text,
        CorpusName.Auto => TryOpen(CorpusName.TinyStories) ?? StorybookCorpus.Text,
        _ => TryOpen(name) ?? throw Unknown(name),
    };

    /// <summary>Exactly this text, for a silo asked to train on it, or null where this machine does not have it.</summary>
    public CorpusText? ByReference(string name, string hash)
    {
        if (name == StorybookCorpus.Name)
            return StorybookCorpus.Text.Hash == hash ? StorybookCorpus.Text : null;
        try
        {
            return TryOpen(name) is { } text && text.Hash == hash ? text : null;
        }
        catch (CorpusException)
        {
            return null;
        }
    }

    /// <summary>Every corpus, the built-in one first, then by name; folders that hold no readable corpus are left out.</summary>
    public IReadOnlyList<CorpusEntry> List()
    {
        var entries = new List<CorpusEntry> { CorpusEntry.Of(StorybookCorpus.Text, CorpusOrigin.BuiltIn) };
        foreach (var name in Names())
        {
            try
            {
                if (TryOpen(name, out var origin) is { } text)
                    entries.Add(CorpusEntry.Of(text, origin));
            }
            catch (CorpusException)
            {
                // Resolving it by name says what is wrong with it.
            }
        }
        return entries;
    }

    /// <summary>
    /// Copies a text into the library, so that the user's files may go. Adding the same text under the same name again changes nothing.
    /// </summary>
    /// <param name="validFile">Null holds out about 3 % of the documents, chosen by their hash.</param>
    /// <exception cref="CorpusException">The name or the text will not do, or the name holds another text.</exception>
    /// <exception cref="OperationCanceledException">It was told to stop; nothing is kept.</exception>
    public CorpusEntry Add(string name, string trainFile, string? validFile, CancellationToken cancellation = default)
    {
        CorpusName.Validate(name);
        return Install(name, CorpusOrigin.Registered, folder =>
        {
            TextCopy.Make(trainFile, Path.Combine(folder, TrainName), cancellation);
            if (validFile is not null)
                TextCopy.Make(validFile, Path.Combine(folder, ValidName), cancellation);
        }, cancellation, record => record with
        {
            Train = record.Train with { Source = Path.GetFullPath(trainFile) },
            Valid = record.Valid is null ? null : record.Valid with { Source = Path.GetFullPath(validFile!) },
        });
    }

    /// <summary>Examines the copies, not the originals: what is recorded is what is kept.</summary>
    private CorpusEntry Install(
        string name, CorpusOrigin origin, Action<string> fill, CancellationToken cancellation, Func<CorpusRecord, CorpusRecord> complete)
    {
        ScratchFile.Sweep(Folder);
        var temporary = ScratchFile.Beside(Path.Combine(Folder, $".{name}"));
        try
        {
            Directory.CreateDirectory(temporary);
            fill(temporary);
            var valid = Path.Combine(temporary, ValidName);
            var record = complete(
                CorpusRecord.Examine(name, origin, Path.Combine(temporary, TrainName), File.Exists(valid) ? valid : null, cancellation));
            record = record with
            {
                Train = record.Train with { Path = TrainName },
                Valid = record.Valid is null ? null : record.Valid with { Path = ValidName },
            };
            record.Write(Path.Combine(temporary, RecordName));
            if (File.Exists(Path.Combine(Folder, name, RecordName)))
                RequireSame(record);
            else
                Directory.Move(temporary, Path.Combine(Folder, name));
            return CorpusEntry.Of(record.Open(Path.Combine(Folder, name)), origin);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CorpusException($"cannot keep the corpus '{name}' in '{Folder}': {e.Message}", e);
        }
        catch (CorpusException e) when (e.Message.Contains(temporary, StringComparison.Ordinal))
        {
            throw new CorpusException(e.Message.Replace(temporary + Path.DirectorySeparatorChar, "", StringComparison.Ordinal), e);
        }
        finally
        {
            if (Directory.Exists(temporary))
                Directory.Delete(temporary, recursive: true);
        }
    }

    private void RequireSame(CorpusRecord record)
    {
        if (CorpusRecord.Read(Path.Combine(Folder, record.Name, RecordName)).Hash != record.Hash)
        {
            throw new CorpusException(
                $"the corpus '{record.Name}' exists with another text; choose another name, "
                    + $"or remove '{Path.Combine(Folder, record.Name)}' first");
        }
    }

    private IEnumerable<string> Names()
    {
        var registered = Directory.Exists(Folder)
            ? Directory.EnumerateDirectories(Folder).Select(folder => Path.GetFileName(folder)).Where(name => !name.StartsWith('.'))
            : [];
        return registered.Append(CorpusName.TinyStories).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
    }

    private CorpusText? TryOpen(string name) => TryOpen(name, out _);

    private CorpusText? TryOpen(string name, out CorpusOrigin origin)
    {
        origin = CorpusOrigin.Folder;
        if (name is not (CorpusName.Auto or StorybookCorpus.Name))
            CorpusName.Validate(name);
        var folder = Path.Combine(Folder, name);
        if (!File.Exists(Path.Combine(folder, RecordName)))
            return name == CorpusName.TinyStories ? TryOpenFolder() : null;
        var record = CorpusRecord.Read(Path.Combine(folder, RecordName));
        origin = record.Origin;
        return record.Open(folder);
    }

    /// <summary>TinyStories from the published folder, examined once per state of its files.</summary>
    private CorpusText? TryOpenFolder()
    {
        if (publishedFolder is not { Length: > 0 } folder)
            return null;
        var train = new FileInfo(Path.Combine(folder, PublishedTrainName));
        var valid = new FileInfo(Path.Combine(folder, PublishedValidName));
        if (!train.Exists || !valid.Exists)
            return null;
        var state = $"{train.FullName}|{train.Length}|{train.LastWriteTimeUtc.Ticks}|"
            + $"{valid.FullName}|{valid.Length}|{valid.LastWriteTimeUtc.Ticks}";
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(state)));
        var known = Path.Combine(homeFolder, "cache", $"folder-{key[..24]}.json");
        if (TryReadKnown(known, train.FullName) is { } examined)
            return examined.Open(folder);
        var record = CorpusRecord.Examine(CorpusName.TinyStories, CorpusOrigin.Folder, train.FullName, valid.FullName);
        Directory.CreateDirectory(Path.GetDirectoryName(known)!);
        record.Write(known);
        return record.Open(folder);
    }

    /// <summary>Null where there is none, it was damaged, or it is another folder's: the files are examined again then.</summary>
    private static CorpusRecord? TryReadKnown(string path, string trainFile)
    {
        try
        {
            return File.Exists(path) && CorpusRecord.Read(path) is var record && record.Train.Path == trainFile ? record : null;
        }
        catch (CorpusException)
        {
            return null;
        }
    }

    private CorpusException Unknown(string name)
    {
        var known = List().Select(entry => entry.Name).ToArray();
        var nearest = CorpusName.Nearest(name, known) is { } near ? $" Did you mean '{near}'?" : "";
        var fetch = name == CorpusName.TinyStories ? " Get it with 'tunegrid corpus fetch tinystories'." : "";
        return new CorpusException($"this machine has no corpus '{name}'.{nearest}{fetch} It has: {string.Join(", ", known)}.");
    }
}
