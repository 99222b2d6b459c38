namespace TuneGrid.Simulation;

/// <summary>Something that must hold at every moment did not.</summary>
public sealed class InvariantBrokenException(string message) : Exception(message);

internal static class Invariant
{
    /// <param name="what">What should be so, or what went wrong.</param>
    public static void Holds(bool condition, string what)
    {
        if (!condition)
            throw new InvariantBrokenException($"broken: {what}");
    }
}
