namespace TuneGrid.Search.Space;

/// <summary>
/// Who runs again before the champion is named. One run's score is its configuration's worth plus the luck of its seed, and the best of
/// many scores owes the most to luck.
/// </summary>
/// <param name="Count">How many of the best trials that saw the whole budget run again, in each hardware class. From 1 to 64.</param>
/// <param name="Repeats">How often each of them does, for the whole budget, on a fresh seed and data order. From 1 to 64.</param>
public sealed record FinalistSpec(int Count, int Repeats);
