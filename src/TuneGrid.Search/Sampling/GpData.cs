using TuneGrid.Search.Observations;
using TuneGrid.Search.Surrogates;

namespace TuneGrid.Search.Sampling;

/// <summary>
/// What the model is told of a history. Of a long one it sees the last trials and, of the ten thousand or so before them, those that got
/// furthest, so that the time of a proposal is bounded. Repeats and failures that say nothing are left out.
/// </summary>
internal sealed class GpData
{
    private const int MostRecent = 1024, MostOlder = 512, MostScanned = 12_000, MostPending = 128;

    private GpData(List<int> scored, List<double> values, List<double> noise, List<int> failed, List<int> pending) =>
        (Scored, Values, NoiseScales, Failed, Pending) = (scored, values, noise, failed, pending);

    /// <summary>Places in the history of the trials with a score.</summary>
    public List<int> Scored { get; }

    /// <summary>What each of <see cref="Scored"/> is worth at the highest rung; lower is better.</summary>
    public List<double> Values { get; }

    /// <summary>How much noisier each is than one from the highest rung.</summary>
    public List<double> NoiseScales { get; }

    /// <summary>Places of those that failed by their configuration.</summary>
    public List<int> Failed { get; }

    /// <summary>Places of those on their way to their first rung.</summary>
    public List<int> Pending { get; }

    public static GpData Of(SearchHistory history, GpSettings settings)
    {
        var (scored, failed, pending) = (new List<int>(), new List<int>(), new List<int>());
        foreach (var place in View(history.Trials))
        {
            var trial = history.Trials[place];
            if (trial.RepeatOf is not null)
                continue;
            if (trial is { Status: ObservationStatus.Failed, Failure: not (null or FailureCause.Unrelated) })
                failed.Add(place);
            else if (trial.Rungs.Count > 0)
                scored.Add(place);
            else if (trial.Status == ObservationStatus.Running)
                pending.Add(place);
        }
        if (pending.Count > MostPending)
            pending.RemoveRange(0, pending.Count - MostPending);
        var trials = scored.ConvertAll(p => history.Trials[p]);
        var chained = new ChainedScores(trials);
        var noise = trials.ConvertAll(t => Power(settings.NoisePerRung, chained.Levels - 1 - chained.LevelOf(t)));
        return new(scored, settings.Forecasts?.Of(trials, chained.Of) ?? trials.ConvertAll(chained.Of), noise, failed, pending);
    }

    /// <summary>Returns at most so many indices: the better half, and of the rest every so-manieth by rank.</summary>
    public static int[] Representatives(double[] values, int most)
    {
        var order = new int[values.Length];
        for (var i = 0; i < order.Length; i++)
            order[i] = i;
        if (values.Length <= most)
            return order;
        Array.Sort(order, (a, b) => values[a].CompareTo(values[b]) is var c && c != 0 ? c : a.CompareTo(b));
        var (best, rest) = (most / 2, most - (most / 2));
        var chosen = new int[most];
        for (var i = 0; i < best; i++)
            chosen[i] = order[i];
        for (var i = 0; i < rest; i++)
            chosen[best + i] = order[best + (int)((long)i * (values.Length - best) / rest)];
        Array.Sort(chosen);
        return chosen;
    }

    private static IEnumerable<int> View(IReadOnlyList<Observation> trials)
    {
        var first = Math.Max(0, trials.Count - MostRecent);
        var older = new PriorityQueue<int, (int, int)>();
        for (var i = Math.Max(0, first - MostScanned); i < first; i++)
        {
            if (older.Count < MostOlder)
                older.Enqueue(i, (trials[i].Rungs.Count, i));
            else if (trials[i].Rungs.Count > trials[older.Peek()].Rungs.Count)
                older.EnqueueDequeue(i, (trials[i].Rungs.Count, i));
        }
        return older.UnorderedItems.Select(i => i.Element).Order().Concat(Enumerable.Range(first, trials.Count - first));
    }

    private static double Power(double factor, int count)
    {
        var power = 1.0;
        for (var i = 0; i < count; i++)
            power *= factor;
        return power;
    }
}
