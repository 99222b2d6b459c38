using TuneGrid.Training.Corpora;
using TuneGrid.Training.Corpora.Storybook;

namespace TuneGrid.Silo.Corpora;

/// <summary>What a corpus may be called: the name becomes a folder.</summary>
internal static class CorpusName
{
    public const string Auto = "auto";
    public const string TinyStories = "tinystories";

    /// <exception cref="CorpusException">The name cannot be given to a corpus.</exception>
    public static void Validate(string name)
    {
        if (name is Auto or StorybookCorpus.Name)
            throw new CorpusException($"the name '{name}' is taken by the program itself; choose another");
        if (name.Length is 0 or > 64
            || name.StartsWith('.')
            || !name.All(c => c is >= 'a' and <= 'z' or >= '0' and <= '9' or '.' or '_' or '-'))
        {
            throw new CorpusException(
                $"'{name}' is no name for a corpus; use up to 64 of a-z, 0-9, '.', '_' and '-', beginning without '.'");
        }
    }

    /// <summary>The known name that takes the fewest typing mistakes, if few enough.</summary>
    public static string? Nearest(string name, IEnumerable<string> known) =>
        known.Select(k => (Name: k, Edits: Edits(name, k)))
            .Where(k => k.Edits <= Math.Max(2, name.Length / 3))
            .OrderBy(k => k.Edits)
            .FirstOrDefault().Name;

    private static int Edits(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)));
        }
        return row[b.Length];
    }
}
