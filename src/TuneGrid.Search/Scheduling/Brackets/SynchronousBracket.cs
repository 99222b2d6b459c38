namespace TuneGrid.Search.Scheduling.Brackets;

/// <summary>
/// Successive halving (Jamieson and Talwalkar 2016, arXiv:1502.07943): a rung lets its best 1/eta go up, at least one, once every one of its trials has
/// reported or failed.
/// </summary>
internal sealed class SynchronousBracket(Bracket bracket, int eta) : BracketState(bracket, eta)
{
    private int _open;

    public override Decision.Promote? Promotion()
    {
        if (CanStart)
            return null;
        // Runs through the rungs that are complete; the open one is the lowest that still waits for somebody.
        while (_open < Top)
        {
            var places = Math.Max(1, Rungs[_open].Entered / Eta);
            if (Rungs[_open].Promoted == 0 && Running > 0)
                return null;
            if (Rungs[_open].Promoted < places && Candidate(_open, places) is { } promotion)
                return promotion;
            if (Running > 0)
                return null;
            _open++;
        }
        return null;
    }
}
