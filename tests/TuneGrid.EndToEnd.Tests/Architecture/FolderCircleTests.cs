using TuneGrid.Testing;

namespace TuneGrid.EndToEnd.Tests.Architecture;

/// <summary>
/// Folders of a project use one another in one direction only, so that each can be read with those below it and no others.
/// </summary>
public class FolderCircleTests
{
    public static TheoryData<string> Projects =>
        [.. new DirectoryInfo(Path.Combine(Repository.Root, "src")).GetDirectories().Select(folder => folder.Name)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_form_no_circle(string project)
    {
        var circles = FolderUses.Circles(FolderUses.Of(project));
        Assert.True(circles.Count == 0, $"folders of {project} that use one another in a circle:\n{string.Join('\n', circles)}");
    }

    [Fact]
    public void Uses_are_found()
    {
        var uses = FolderUses.Of("TuneGrid.Search");
        Assert.Contains("SearchSpace", Assert.Single(uses, use => use is { From: "Sampling", To: "Space" }).Types);
    }

    [Fact]
    public void A_circle_of_three_is_found_and_what_leads_into_it_is_not()
    {
        FolderUse[] uses = [new("A", "B", ["X"]), new("B", "C", ["Y"]), new("C", "A", ["Z"]), new("D", "A", ["W"])];
        Assert.Equal(["A -> B: X", "B -> C: Y", "C -> A: Z"], FolderUses.Circles(uses).Select(use => use.ToString()));
    }
}
