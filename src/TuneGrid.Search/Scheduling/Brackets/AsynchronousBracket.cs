namespace TuneGrid.Search.Scheduling.Brackets;

/// <summary>
/// ASHA (Li et al. 2020, arXiv:1810.05934): a trial goes up as soon as it is among the best 1/eta of those that have reached its rung so far. Nobody waits
/// for stragglers.
/// </summary>
internal sealed class AsynchronousBracket(Bracket bracket, int eta) : BracketState(bracket, eta)
{
    public override Decision.Promote? Promotion()
    {
        for (var rung = Top - 1; rung >= 0; rung--)
        {
            if (Candidate(rung, Rungs[rung].Entered / Eta) is { } promotion)
                return promotion;
        }
        return null;
    }
}
