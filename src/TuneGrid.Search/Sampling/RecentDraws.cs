using System.Runtime.ExceptionServices;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Sampling;

/// <summary>
/// Remembers the last draws, which are the same whenever they are drawn: a decision is made again whenever another writer came first, and
/// in a space that is hard to sample a draw takes seconds. Thread-safe.
/// </summary>
internal sealed class RecentDraws(ITrialDraws inner) : ITrialDraws
{
    private const int Remembered = 64;
    private readonly Drawn?[] _recent = new Drawn?[Remembered];

    public Configuration Draw(int trialNumber)
    {
        var slot = trialNumber % Remembered;
        var drawn = _recent[slot];
        if (drawn?.Number != trialNumber)
            _recent[slot] = drawn = Find(trialNumber);
        if (drawn.Refused is { } refused)
            ExceptionDispatchInfo.Throw(refused);
        return drawn.Configuration;
    }

    private Drawn Find(int trialNumber)
    {
        try
        {
            return new(trialNumber, inner.Draw(trialNumber), null);
        }
        catch (UnsatisfiableSpaceException refused)
        {
            return new(trialNumber, Configuration.Empty, refused);
        }
    }

    private sealed record Drawn(int Number, Configuration Configuration, UnsatisfiableSpaceException? Refused);
}
