using System.Text.RegularExpressions;

namespace TuneGrid.EndToEnd.Tests.Deployment;

/// <summary>
/// As much of YAML as our compose file uses: maps and lists by indentation, anchors, aliases and merges by line. Anything else fails the
/// reading.
/// </summary>
internal sealed partial class ComposeFile
{
    private readonly List<(string[] Path, string Value)> _entries = [];
    private readonly Dictionary<string, string[]> _anchors = [];

    private ComposeFile()
    {
    }

    public static ComposeFile Read(string path)
    {
        var file = new ComposeFile();
        var open = new Stack<(int Indent, string Key)>();
        foreach (var line in File.ReadLines(path).Where(l => l.Trim().Length > 0 && !l.TrimStart().StartsWith('#')))
        {
            var match = Line().Match(line);
            Assert.True(match.Success && !line.Contains('\t', StringComparison.Ordinal), $"not understood: {line}");
            var indent = match.Groups["indent"].Length;
            while (open.Count > 0 && open.Peek().Indent >= indent)
                open.Pop();
            var key = match.Groups["item"].Success ? "-" : match.Groups["key"].Value;
            open.Push((indent, key));
            var at = open.Reverse().Select(o => o.Key).ToArray();
            if (match.Groups["anchor"].Success)
                file._anchors.Add(match.Groups["anchor"].Value, at);
            file._entries.Add((at, match.Groups["item"].Success ? match.Groups["item"].Value : match.Groups["value"].Value));
        }
        return file;
    }

    /// <summary>The keys right below a place, merged ones included.</summary>
    public IReadOnlyList<string> Keys(params string[] path)
    {
        var own = Below(path).Select(e => e.Path[path.Length]).Distinct().ToList();
        var merged = Value([.. path, "<<"]) is { } alias ? Keys(Anchor(alias)) : [];
        return [.. own.Where(k => k != "<<").Union(merged)];
    }

    /// <summary>A plain value, an alias as *name; null if there is none.</summary>
    public string? Value(params string[] path) => _entries.Where(e => e.Path.SequenceEqual(path)).Select(e => e.Value).FirstOrDefault();

    public IReadOnlyList<string> Items(params string[] path) =>
        [.. _entries.Where(e => e.Path.SequenceEqual([.. path, "-"])).Select(e => e.Value)];

    public string[] Anchor(string alias)
    {
        Assert.True(_anchors.TryGetValue(alias.TrimStart('*'), out var at), $"{alias} is not defined");
        return at!;
    }

    public IEnumerable<string> Aliases => _entries.Select(e => e.Value).Where(v => v.StartsWith('*'));

    private IEnumerable<(string[] Path, string Value)> Below(string[] path) =>
        _entries.Where(e => e.Path.Length == path.Length + 1 && e.Path.Take(path.Length).SequenceEqual(path));

    [GeneratedRegex(
        """^(?<indent> *)(?:- (?<item>.+)|(?<key>[A-Za-z0-9_<.-]+):(?: &(?<anchor>[a-z-]+))?(?: (?<value>[^&].*))?)$""",
        RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex Line();
}
