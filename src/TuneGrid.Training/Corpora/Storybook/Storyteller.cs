using TuneGrid.Training.Randomness;

namespace TuneGrid.Training.Corpora.Storybook;

/// <summary>
/// Tells story number n, always the same bytes on every machine. No two numbers tell the same story: every first sentence shows whether the
/// hero is a child or an animal, and the name, trait and home; these are the digits of n, scattered by a multiplication that is invertible
/// modulo their number of combinations.
/// </summary>
internal static class Storyteller
{
    /// <summary>No story is longer.</summary>
    public const int LongestStory = 4096;

    private static readonly int Combinations = StoryWords.Names.Length * StoryWords.Traits.Length * StoryWords.Homes.Length;
    private static readonly Template[][] ParsedPlots = StoryPlots.Parse();

    /// <summary>Story numbers are below this.</summary>
    public static long Stories => 2L * Combinations;

    public static int Plots => ParsedPlots.Length;

    /// <summary>Writes the story and returns its length in bytes.</summary>
    public static int Tell(long number, Span<byte> page)
    {
        var random = new SplitMix64((ulong)number);
        var cast = StoryCast.Choose(isAnimal: number % 2 == 1, Scatter(number), ref random);
        var plot = ParsedPlots[random.Next(ParsedPlots.Length)];
        var pen = new StoryPen(page, cast, random);
        foreach (var beat in plot)
        {
            pen.BeginBeat();
            beat.Tell(ref pen);
        }
        return pen.Length;
    }

    /// <summary>Sends the even numbers, and the odd ones, one to one onto the combinations, neighbours far apart.</summary>
    private static long Scatter(long number)
    {
        const long Multiplier = 1_000_003; // prime, and no list is that long: it has no factor in common with the number of combinations
        var shift = number % 2 * (Combinations / 2);
        return (number / 2 + shift) % Combinations * Multiplier % Combinations;
    }
}
