using System.Text;
using TuneGrid.Search.Reading.Json;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Reading;

/// <summary>What came of reading a configuration.</summary>
/// <param name="Configuration">Searched and fixed values, feasible in its space; null if there is any problem.</param>
/// <param name="Problems">Every mistake found; the file of each is the text it is in.</param>
public sealed record ConfigurationReading(Configuration? Configuration, IReadOnlyList<SpaceProblem> Problems);

/// <summary>Reads configurations of a space that people name on a command line or in a call.</summary>
public static class ConfigurationReader
{
    private const int MostCharacters = 10_000;

    /// <summary>
    /// Returns the configuration that has these values and the trainer's defaults for the other searched parameters, or every mistake.
    /// Never throws for what the texts are.
    /// </summary>
    /// <param name="assignments">Such as <c>width=192</c>; a single <c>defaults</c>, or none, names no value.</param>
    public static ConfigurationReading Read(SearchSpace space, IParameterCatalog catalog, IReadOnlyList<string> assignments)
    {
        var (problems, members) = (new ProblemList(""), new List<LocatedMember>());
        foreach (var text in assignments is [StartSection.Defaults] ? [] : assignments)
        {
            var source = new JsonSource(Quoted.Shorten(text), text.Length > MostCharacters ? "" : text);
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            var place = new Place(source, 0, "");
            if (equals <= 0 || text.Length > MostCharacters)
                problems.Add(place, "expected NAME=VALUE, for example width=192");
            else
                members.Add(new(text[..equals], place, Value(source, text, equals + 1)));
        }
        if (!problems.IsEmpty)
            return new(null, problems.All);
        var whole = new Place(new JsonSource(string.Join(' ', members.Select(m => m.Place.Source.Name)), ""), 0, "");
        var configuration = new StartSection(new NodeReader(problems), catalog).Complete(whole, members, space);
        return new(problems.IsEmpty ? configuration : null, problems.All);
    }

    private static LocatedNode Value(JsonSource source, string text, int start) =>
        Override.ReadValue(source, Encoding.UTF8.GetByteCount(text.AsSpan(0, start)), text[start..], "");
}
