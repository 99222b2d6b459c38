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
    private const int IdentityBytes = 8, MostDamagedPlaces = 4;

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
            var (version, text) = await texts.ReadAsync(TextName, cancellation);
            // A text that can't be anybody's tells nothing: the folder's own does then.
            var known = text == InDatabase || IsIdentity(text) ? text : "";
            var mine = folder is null ? InDatabase : Identify(folder);
            if (folder is not null && known != InDatabase && MayWrite(mine, known, isNamed))
                mine = Write(folder, known.Length > 0 ? known : NewIdentity(), overwrite: mine is not null);
            if (mine == known)
                return;
            if (known.Length > 0 && (isNamed || folder is null || mine is null || HasObjects(folder)))
                throw new StoreUnusableException(Explain(known, mine, folder, place));
            if (await texts.TryWriteAsync(TextName, version, mine!, cancellation))
                return;
        }
    }

    /// <summary>
    /// Whether a folder's identity is missing or damaged, and may be written. In the usual folder what is left of it does not matter; one
    /// that somebody named may be the wrong one, and its identity must still be recognised.
    /// </summary>
    private static bool MayWrite(string? mine, string known, bool isNamed)
    {
        var isLost = mine is null || !IsIdentity(mine);
        return known.Length == 0 ? isLost : (isLost && !isNamed) || (mine != known && mine is not null && AreAlike(mine, known));
    }

    private static bool IsIdentity(string text) =>
        text.Length == 2 * IdentityBytes && !text.AsSpan().ContainsAnyExcept("0123456789abcdef");

    /// <summary>Nobody draws two identities that differ in so few places: one of them was damaged.</summary>
    private static bool AreAlike(string mine, string known) =>
        mine.Length == known.Length && mine.Zip(known).Count(p => p.First != p.Second) <= MostDamagedPlaces;

    private static string NewIdentity() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdentityBytes));

    private static string Explain(string known, string? mine, string? folder, string place) => (known, folder) switch
    {
        (InDatabase, _) => $"the store {place} keeps its artifacts in the database, not in {folder}: leave --artifacts away",
        (_, null) => $"the store {place} keeps its artifacts in a shared folder: name it with --artifacts",
        _ when mine is not null && !IsIdentity(mine) =>
            $"{Path.Combine(folder, IdentityFile)} is damaged: if this is the folder where the store {place} keeps its artifacts, "
                + $"write {known} into that file; otherwise name the right folder with --artifacts",
        _ =>
            $"{folder} is not the folder where the store {place} keeps its artifacts, but another one: "
                + "name the right folder with --artifacts",
    };

    private static bool HasObjects(string folder) =>
        Directory.Exists(Path.Combine(folder, "objects"))
        && Directory.EnumerateFileSystemEntries(Path.Combine(folder, "objects")).Any();

    /// <summary>What stands in the folder's identity file; null if it has none.</summary>
    private static string? Identify(string folder) => Guard(folder, () =>
    {
        var file = Path.Combine(folder, IdentityFile);
        return File.Exists(file) ? File.ReadAllText(file).Trim() : null;
    });

    /// <summary>Two silos may come at once: the file appears whole, and whoever is second keeps what the first wrote.</summary>
    private static string Write(string folder, string identity, bool overwrite) => Guard(folder, () =>
    {
        var file = Path.Combine(folder, IdentityFile);
        var draft = $"{file}.{Path.GetRandomFileName()}";
        File.WriteAllText(draft, identity);
        try
        {
            File.Move(draft, file, overwrite);
            return identity;
        }
        catch (IOException) when (File.Exists(file) && !overwrite)
        {
            File.Delete(draft);
            return File.ReadAllText(file).Trim();
        }
    });

    private static T Guard<T>(string folder, Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnusableException(
                $"the artifact folder {folder} can't be used: {fault.Message}; check its access rights and the disk's free space", fault);
        }
    }
}
