using System.Text.RegularExpressions;

namespace TuneGrid.EndToEnd.Tests.Architecture;

/// <summary>One folder of a project naming types that another folder declares.</summary>
internal sealed record FolderUse(string From, string To, IReadOnlyList<string> Types)
{
    public override string ToString() => $"{From} -> {To}: {string.Join(", ", Types)}";
}

/// <summary>
/// Which top folders of a project use which, told from type names in the text. A name that two folders declare tells nothing and is left
/// out; a member that is called like a type elsewhere counts as a use, which renaming either mends.
/// </summary>
internal static partial class FolderUses
{
    /// <summary>Returns the uses between the top folders of <c>src/project</c>; files in its root may use every folder.</summary>
    public static IReadOnlyList<FolderUse> Of(string project)
    {
        var files = SourceFiles.Under($"src/{project}").Where(file => file.Count(c => c == '/') > 2)
            .Select(file => (Folder: file.Split('/')[2], Code: WithoutCommentsAndTexts(SourceFiles.Read(file)))).ToList();
        var folderOfType = files.SelectMany(f => Declaration().Matches(f.Code).Select(m => (Type: m.Groups["type"].Value, f.Folder)))
            .Distinct()
            .GroupBy(declared => declared.Type, declared => declared.Folder)
            .Where(folders => folders.Count() == 1)
            .ToDictionary(folders => folders.Key, folders => folders.Single());
        return [.. files.SelectMany(f => Word().Matches(f.Code).Select(m => (f.Folder, Type: m.Value)))
            .Distinct()
            .Where(used => folderOfType.TryGetValue(used.Type, out var owner) && owner != used.Folder)
            .GroupBy(used => (used.Folder, Owner: folderOfType[used.Type]), used => used.Type)
            .Select(types => new FolderUse(types.Key.Folder, types.Key.Owner, [.. types.Order(StringComparer.Ordinal)]))
            .OrderBy(use => (use.From, use.To))];
    }

    /// <summary>Returns the uses that are part of a circle: from whose target a way of uses leads back.</summary>
    public static IReadOnlyList<FolderUse> Circles(IReadOnlyList<FolderUse> uses) =>
        [.. uses.Where(use => Reaches(use.To, use.From, uses, []))];

    private static bool Reaches(string from, string to, IReadOnlyList<FolderUse> uses, HashSet<string> seen) =>
        from == to || (seen.Add(from) && uses.Any(use => use.From == from && Reaches(use.To, to, uses, seen)));

    private static string WithoutCommentsAndTexts(string code) => CommentOrText().Replace(code, " ");

    [GeneratedRegex("""
        //[^\n]*|/\*.*?\*/|\"\"\".*?\"\"\"|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])+'
        """, RegexOptions.Singleline | RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex CommentOrText();

    [GeneratedRegex(@"\b(class|struct|interface|enum|record(\s+(class|struct))?|delegate\s+[\w<>\[\],. ?]+?)\s+(?<type>[A-Z]\w+)",
        RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"\b[A-Z]\w+\b", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Word();
}
