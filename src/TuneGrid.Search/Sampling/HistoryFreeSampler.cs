using TuneGrid.Search.Observations;

namespace TuneGrid.Search.Sampling;

/// <summary>Proposes the n-th draw as the n-th trial of a class, whatever became of the others.</summary>
internal sealed class HistoryFreeSampler(ITrialDraws draws, string name) : ISampler
{
    public Proposal Propose(SearchHistory history) => new(draws.Draw(history.Trials.Count), new(name));
}
