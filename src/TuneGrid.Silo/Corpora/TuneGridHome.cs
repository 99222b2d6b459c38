namespace TuneGrid.Silo.Corpora;

/// <summary>The folder that holds corpora/, cache/ (tokenizers, encoded text), models/ and, unless told otherwise, the store.</summary>
public sealed record TuneGridHome(string Folder)
{
    public const string Variable = "TUNEGRID_HOME";

    public string CacheFolder => Path.Combine(Folder, "cache");

    public string ModelsFolder => Path.Combine(Folder, "models");

    /// <summary><c>$TUNEGRID_HOME</c>, or <c>~/.tunegrid</c>.</summary>
    public static TuneGridHome Find(Func<string, string?> variable)
    {
        if (variable(Variable) is { Length: > 0 } folder)
            return new(Path.GetFullPath(folder));
        var user = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);
        // A service account may have no home: its working folder is the only place left that it was given.
        return new(Path.Combine(user.Length > 0 ? user : Environment.CurrentDirectory, ".tunegrid"));
    }
}
