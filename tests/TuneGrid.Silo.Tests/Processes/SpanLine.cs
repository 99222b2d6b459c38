using System.Text.RegularExpressions;

namespace TuneGrid.Silo.Tests.Processes;

/// <summary>A span as <c>--trace lines</c> prints it.</summary>
/// <param name="Process">Who printed it.</param>
internal sealed partial record SpanLine(string Process, string Name, string Trace, string Id, string Parent)
{
    public static IEnumerable<SpanLine> Read(string process, string errors) => Form().Matches(errors)
        .Select(m => new SpanLine(
            process, m.Groups["name"].Value, m.Groups["trace"].Value, m.Groups["id"].Value, m.Groups["parent"].Value));

    /// <summary>Its parent, the parent's parent and so on.</summary>
    public IEnumerable<SpanLine> Ancestors(IReadOnlyDictionary<string, SpanLine> all)
    {
        for (var at = this; all.TryGetValue(at.Parent, out var parent); at = parent)
            yield return parent;
    }

    [GeneratedRegex(
        @"^[0-9:.]+ +[0-9.]+ m?s +(?<name>\S+).* \[trace (?<trace>\w+) span (?<id>\w+)(?: parent (?<parent>\w+))?.*\]$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Form();
}
