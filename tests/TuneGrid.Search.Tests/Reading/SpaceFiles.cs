using TuneGrid.Search.Reading;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Tests.Reading;

/// <summary>The search spaces of release 0.2, which every later one must read, and short ways to read one.</summary>
internal static class SpaceFiles
{
    public const string Small = """{ "budget": { "steps": 81 }, "parameters": { "depth": { "type": "int", "min": 1, "max": 8 } } }""";

    public static IReadOnlyList<string> Names { get; } = ["gpt.json", "quick.json", "wide.json"];

    public static string Text(string name) =>
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Assets", "spaces-0.2", name));

    /// <summary>A file of search-spaces/ as it is shipped now.</summary>
    public static string Shipped(string name)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "TuneGrid.sln")))
            folder = folder.Parent;
        return File.ReadAllText(Path.Combine(folder!.FullName, "search-spaces", name));
    }

    public static SpaceReading Read(string json, params string[] overrides) =>
        SearchSpaceReader.Read(json, "f.json", FakeCatalog.Instance, overrides);

    public static SearchSpace Valid(string json, params string[] overrides)
    {
        var reading = Read(json, overrides);
        Assert.Empty(reading.Problems);
        return reading.Space!;
    }

    public static IEnumerable<string> Problems(string json, params string[] overrides) =>
        Read(json, overrides).Problems.Select(p => p.ToString());
}
