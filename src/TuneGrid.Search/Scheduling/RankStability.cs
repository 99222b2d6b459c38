namespace TuneGrid.Search.Scheduling;

/// <summary>
/// Whether two neighbouring rungs rank their best trials alike, by PASHA's soft ranking (Bohdal et al. 2022, arXiv:2207.06940): scores
/// nearer to each other than epsilon are a tie, and epsilon is how far two trials are apart whose curves cross again and again. The paper
/// looks at every trial of the top rung and at every evaluation; here it is the best of them and their scores at rungs, so that a report
/// costs the same however many trials there are.
/// </summary>
internal static class RankStability
{
    private const int MostTrials = 32;

    // Of the distances between trials that crossed twice.
    private const double EpsilonShare = 0.9;

    /// <summary>Returns whether the last rung's order differs from that of the rung before it.</summary>
    /// <param name="rungs">At least two, from the lowest; every trial of one has been in those before it.</param>
    public static bool Differs(ReadOnlySpan<Rung> rungs)
    {
        var best = rungs[^1].Best(MostTrials).ToList();
        // In the order of the last rung: the scores of the one before.
        var below = new double[best.Count];
        for (var i = 0; i < best.Count; i++)
            below[i] = rungs[^2].ScoreOf(best[i].Trial);
        var sorted = below.Order().ToArray();
        var epsilon = Epsilon(rungs, best);
        for (var rank = 0; rank < sorted.Length; rank++)
        {
            // Whoever stands here must be tied with whom the rung below had in this place.
            if (Math.Abs(below[rank] - sorted[rank]) > epsilon)
                return true;
        }
        return false;
    }

    private static double Epsilon(ReadOnlySpan<Rung> rungs, List<RungScore> trials)
    {
        var distances = new List<double>();
        for (var i = 0; i < trials.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (Crossings(rungs, trials[i].Trial, trials[j].Trial) >= 2)
                    distances.Add(Math.Abs(trials[i].Score - trials[j].Score));
            }
        }
        distances.Sort();
        return distances.Count == 0 ? 0 : distances[(int)(EpsilonShare * (distances.Count - 1))];
    }

    /// <summary>How often two trials changed places on the way up.</summary>
    private static int Crossings(ReadOnlySpan<Rung> rungs, TrialId one, TrialId other)
    {
        var (crossings, before) = (0, 0);
        foreach (var rung in rungs)
        {
            var order = rung.ScoreOf(one).CompareTo(rung.ScoreOf(other));
            if (order * before < 0)
                crossings++;
            before = order == 0 ? before : order;
        }
        return crossings;
    }
}
