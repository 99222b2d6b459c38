using System.Xml.Linq;
using TuneGrid.Testing;

namespace TuneGrid.EndToEnd.Tests.Architecture;

/// <summary>The cut of the design: who may reference whom. What is not in this table is not allowed.</summary>
public class ProjectReferenceTests
{
    private static readonly Dictionary<string, string[]> AllowedProjects = new()
    {
        ["TuneGrid.Search"] = [],
        ["TuneGrid.Training"] = [],
        ["TuneGrid.Training.Torch"] = ["TuneGrid.Training"],
        ["TuneGrid.Coordination"] = ["TuneGrid.Search"],
        ["TuneGrid.Simulation"] = ["TuneGrid.Search", "TuneGrid.Coordination"],
        ["TuneGrid.Storage"] = ["TuneGrid.Search", "TuneGrid.Coordination"],
        ["TuneGrid.Silo"] =
        [
            "TuneGrid.Search", "TuneGrid.Training", "TuneGrid.Training.Torch", "TuneGrid.Coordination", "TuneGrid.Storage",
        ],
        ["TuneGrid.Dashboard"] = ["TuneGrid.Coordination", "TuneGrid.Search"],
        ["TuneGrid.Exchange"] = ["TuneGrid.Coordination", "TuneGrid.Search"],
        ["TuneGrid.Client"] = ["TuneGrid.Search", "TuneGrid.Coordination", "TuneGrid.Storage"],
        ["TuneGrid.Cli"] =
        [
            "TuneGrid.Search", "TuneGrid.Training", "TuneGrid.Training.Torch", "TuneGrid.Coordination", "TuneGrid.Simulation",
            "TuneGrid.Storage", "TuneGrid.Silo", "TuneGrid.Dashboard", "TuneGrid.Exchange", "TuneGrid.Client",
        ],
    };

    private static readonly Dictionary<string, string[]> AllowedPackages = new()
    {
        ["TuneGrid.Search"] = [],
        ["TuneGrid.Training"] = ["Iced"],
        ["TuneGrid.Coordination"] = [],
        ["TuneGrid.Simulation"] = [],
        ["TuneGrid.Storage"] = ["Microsoft.Data.Sqlite", "Npgsql", "Polly.Extensions"],
    };

    public static TheoryData<string> Projects =>
    [
        .. Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Repository.Root, file)),
    ];

    [Theory]
    [MemberData(nameof(Projects))]
    public void References_only_what_the_design_allows(string projectFile)
    {
        var project = Path.GetFileNameWithoutExtension(projectFile);
        var xml = XDocument.Load(Path.Combine(Repository.Root, projectFile));

        Assert.True(AllowedProjects.TryGetValue(project, out var allowed), $"{project} is not in the design's table");
        var references = xml.Descendants("ProjectReference")
            .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')));
        Assert.Empty(references.Except(allowed!));

        if (AllowedPackages.TryGetValue(project, out var packages))
        {
            // Analyzers travel with PrivateAssets="all" and leave nothing in the product.
            var product = xml.Descendants("PackageReference")
                .Where(p => p.Attribute("PrivateAssets")?.Value != "all")
                .Select(p => p.Attribute("Include")!.Value);
            Assert.Empty(product.Except(packages));
        }
    }

    [Fact]
    public void Transitive_project_references_stay_off()
        => Assert.Contains(
            "<DisableTransitiveProjectReferences>true<",
            File.ReadAllText(Path.Combine(Repository.Root, "Directory.Build.props")),
            StringComparison.Ordinal);

    [Fact]
    public void Pure_projects_ban_clocks_randomness_and_files()
    {
        foreach (var project in new[] { "TuneGrid.Search", "TuneGrid.Coordination", "TuneGrid.Simulation" })
        {
            Assert.Contains(
                "BannedSymbols.txt",
                File.ReadAllText(Path.Combine(Repository.Root, "src", project, project + ".csproj")),
                StringComparison.Ordinal);
        }
        var banned = File.ReadAllText(Path.Combine(Repository.Root, "src", "BannedSymbols.txt"));
        string[] symbols = ["System.DateTime.Now", "System.Random.Shared", "System.Guid.NewGuid", "System.Console", "System.IO.File"];
        foreach (var symbol in symbols)
            Assert.Contains(symbol, banned, StringComparison.Ordinal);
    }
}
