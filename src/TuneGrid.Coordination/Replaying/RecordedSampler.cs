using TuneGrid.Search.Analysis;
using TuneGrid.Search.Observations;
using TuneGrid.Search.Sampling;
using TuneGrid.Search.Space;

namespace TuneGrid.Coordination.Replaying;

/// <summary>
/// Proposes nothing but what was recorded: in its order, or, for another sampler, the nearest to its proposal that was not tried yet. Once
/// all were, it gives up, and the study finishes with what it has.
/// </summary>
/// <param name="other">The other sampler, or null.</param>
internal sealed class RecordedSampler(IReadOnlyList<Configuration> recorded, ISampler? other, SearchSpace space) : ISampler
{
    private readonly ConfigurationDistance _distance = new(space);

    /// <summary>Recorded configurations, by index, that stood for another that was proposed nearby.</summary>
    public HashSet<int> Inexact { get; } = [];

    public Proposal Propose(SearchHistory history)
    {
        var tried = Match(history.Trials.Where(t => t.RepeatOf is null).Select(t => t.Configuration)).ToHashSet();
        var left = Enumerable.Range(0, recorded.Count).Where(i => !tried.Contains(i)).ToList();
        if (left.Count == 0)
            throw new UnsatisfiableSpaceException("every recorded configuration was tried");
        var chosen = left[0];
        if (other is not null)
        {
            var (index, distance) = _distance.Nearest(other.Propose(history).Configuration, [.. left.Select(i => recorded[i])]);
            chosen = left[index];
            if (distance > 1e-9)
                Inexact.Add(chosen);
        }
        return new(recorded[chosen], new("recorded"));
    }

    /// <summary>
    /// Returns for each proposed configuration, in the order of proposal, the index of the recorded one that it stands for; -1 for one that
    /// was never recorded. Of equal ones each stands for another.
    /// </summary>
    public IReadOnlyList<int> Match(IEnumerable<Configuration> proposed)
    {
        var left = new Dictionary<Configuration, Queue<int>>();
        for (var i = 0; i < recorded.Count; i++)
        {
            if (!left.TryGetValue(recorded[i], out var same))
                left.Add(recorded[i], same = new());
            same.Enqueue(i);
        }
        return [.. proposed.Select(p => left.TryGetValue(p, out var same) && same.TryDequeue(out var index) ? index : -1)];
    }
}
