namespace TuneGrid.Testing;

/// <summary>Where the checkout lies that these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "TuneGrid.sln")))
                return folder.FullName;
        }
        throw new DirectoryNotFoundException($"no TuneGrid.sln above {AppContext.BaseDirectory}");
    }
}
