using System.Security.Cryptography;
using TuneGrid.Coordination.Ledger;

namespace TuneGrid.Storage.Artifacts;

/// <summary>
/// Where a store's artifacts are, as its silos have agreed: in the database, or in the folder with this identity. A silo that kept them
/// elsewhere would take the others' checkpoints for lost and train again what was finished.
/// </summary>
internal static class ArtifactHome
{
    private const string TextName = "artifact-home", InDatabase = "database", IdentityFile = "identity";
    private const int IdentityBytes = 8;

    /// <summary>Agrees on it, the first time; later makes sure that it is still the same.</summary>
    /// <param name="folder">The folder in use; null is the database.</param>
    /// <param name="isNamed">
    /// Whether somebody named the folder, rather than that it is the store's usual one: that one may begin anew if it was deleted.
    /// </param>
    /// <param name="place">The store's, for people.</param>
    /// <exception cref="StoreUnusableException">They are elsewhere.</exception>
    public static async Task ClaimAsync(ISharedTexts texts, string? folder, bool isNamed, string place, CancellationToken cancellation)
    {
        while (true)
        {
            var (version, known) = await texts.ReadAsync(TextName, cancellation);
            var mine = folder is null ? InDatabase : Identify(folder, isNew: known.Length == 0 || !isNamed);
            if (mine == known)
                return;
            if (known.Length > 0 && (isNamed || folder is null || mine is null || HasObjects(folder)))
                throw new StoreUnusableException(Explain(known, folder, place));
            if (await texts.TryWriteAsync(TextName, version, mine!, cancellation))
                return;
        }
    }

    private static string Explain(string known, string? folder, string place) => (known, folder) switch
    {
        (InDatabase, _) => $"the store {place} keeps its artifacts in the database, not in {folder}: leave --artifacts away",
        (_, null) => $"the store {place} keeps its artifacts in a shared folder: name it with --artifacts",
        _ =>
            $"{folder} is not the folder where the store {place} keeps its artifacts, but another one: "
                + "name the right folder with --artifacts",
    };

    private static bool HasObjects(string folder) =>
        Directory.Exists(Path.Combine(folder, "objects"))
        && Directory.EnumerateFileSystemEntries(Path.Combine(folder, "objects")).Any();

    /// <summary>What stands in the folder's identity file; null if it has none and should get none.</summary>
    private static string? Identify(string folder, bool isNew)
    {
        var file = Path.Combine(folder, IdentityFile);
        try
        {
            if (!File.Exists(file) && isNew)
                WriteOnce(file);
            return File.Exists(file) ? File.ReadAllText(file).Trim() : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnusableException(
                $"the artifact folder {folder} can't be used: {fault.Message}; check its access rights and the disk's free space", fault);
        }
    }

    /// <summary>Two silos may come at once: the file appears whole, and whoever is second keeps what the first wrote.</summary>
    private static void WriteOnce(string file)
    {
        var draft = $"{file}.{Path.GetRandomFileName()}";
        File.WriteAllText(draft, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdentityBytes)));
        try
        {
            File.Move(draft, file, overwrite: false);
        }
        catch (IOException) when (File.Exists(file))
        {
            File.Delete(draft);
        }
    }
}
