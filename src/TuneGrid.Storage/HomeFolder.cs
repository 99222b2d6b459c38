using TuneGrid.Coordination.Ledger;

namespace TuneGrid.Storage;

/// <summary>The folder of all that TuneGrid keeps on a machine, unless it is told otherwise.</summary>
public static class HomeFolder
{
    public const string Variable = "TUNEGRID_HOME";

    /// <summary>Returns <c>$TUNEGRID_HOME</c>, else <c>.tunegrid</c> in the user's own folder, which is made if it is not there.</summary>
    /// <exception cref="StoreUnusableException">
    /// There is neither: the working folder is no substitute, since it is another one tomorrow.
    /// </exception>
    public static string Find(Func<string, string?> variable)
    {
        if (variable(Variable) is { } named && !string.IsNullOrWhiteSpace(named))
            return Path.GetFullPath(named.Trim());
        var user = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);
        if (user.Length == 0)
            throw Missing("this user has no home folder", null);
        if (!Path.IsPathRooted(user) || !Directory.Exists(user))
            throw Missing($"the home folder '{user}' does not exist", null);
        var folder = Path.Combine(user, ".tunegrid");
        try
        {
            Directory.CreateDirectory(folder);
            return folder;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Missing($"'{folder}' can't be made ({e.Message.TrimEnd('.')})", e);
        }
    }

    private static StoreUnusableException Missing(string reason, Exception? cause)
    {
        var message = $"{reason}: set {Variable} to a folder for what TuneGrid keeps (its store, corpora, checkpoints)";
        return cause is null ? new(message) : new(message, cause);
    }
}
