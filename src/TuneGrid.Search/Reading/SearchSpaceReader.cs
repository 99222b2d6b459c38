using TuneGrid.Search.Reading.Json;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Reading;

/// <summary>
/// Reads search space files and reports every mistake at once. Never throws for what is in the file, and takes bounded time and memory.
/// </summary>
public static class SearchSpaceReader
{
    /// <summary>The longest file that is read.</summary>
    public const int MostCharacters = 1 << 20;

    /// <summary>Returns the space, or every mistake in the file and the overrides.</summary>
    /// <param name="json">The file's text.</param>
    /// <param name="file">How the user named it; stands in front of problems, and its stem is the default name of the study.</param>
    /// <param name="catalog">The parameters that trials understand.</param>
    /// <param name="overrides">
    /// Such as <c>budget.seconds=60</c>: a path into the file and a JSON value or plain text. Later ones win.
    /// </param>
    public static SpaceReading Read(string json, string file, IParameterCatalog catalog, IReadOnlyList<string> overrides)
    {
        var problems = new ProblemList(file);
        var space = Read(new JsonSource(file, json.Length > MostCharacters ? "" : json), json.Length, catalog, overrides, problems);
        return space is null || !problems.IsEmpty ? new(null, problems.All, "") : new(space, [], SpaceWriter.Write(space));
    }

    private static SearchSpace? Read(
        JsonSource source, int length, IParameterCatalog catalog, IReadOnlyList<string> overrides, ProblemList problems)
    {
        var start = new Place(source, 0, "");
        if (length > MostCharacters)
        {
            problems.Add(start, $"more than {MostCharacters} characters are no search space");
            return null;
        }
        if (LocatedJson.Parse(source, problems) is not { } root)
            return null;
        if (root.Kind != NodeKind.Object)
        {
            problems.Add(root.Place, $"expected an object, not {root}");
            return null;
        }
        foreach (var text in overrides)
            Override.Apply(root, text, problems);
        var space = new SpaceBuilder(catalog, problems).Build(root, source.Name);
        if (!problems.IsEmpty)
            return null;
        Satisfiability.Check(space, catalog, root.Find("constraints")?.Place ?? root.Place, problems);
        return space;
    }
}
