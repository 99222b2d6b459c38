using TuneGrid.Coordination.Ledger;
using TuneGrid.Storage;

namespace TuneGrid.Silo.Corpora;

/// <summary>The folder that holds corpora/, cache/ (tokenizers, encoded text), models/ and, unless told otherwise, the store.</summary>
public sealed record TuneGridHome(string Folder)
{
    public string CacheFolder => Path.Combine(Folder, "cache");

    public string ModelsFolder => Path.Combine(Folder, "models");

    /// <summary>Returns <c>$TUNEGRID_HOME</c>, or <c>~/.tunegrid</c>.</summary>
    /// <exception cref="StoreUnusableException">There is neither.</exception>
    public static TuneGridHome Find(Func<string, string?> variable) => new(HomeFolder.Find(variable));
}
