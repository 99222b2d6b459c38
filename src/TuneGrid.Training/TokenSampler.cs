namespace TuneGrid.Training;

/// <summary>Draws the next token from logits: temperature, then nucleus sampling (Holtzman et al., arXiv:1904.09751).</summary>
internal static class TokenSampler
{
    /// <param name="temperature">0 takes the likeliest, the lowest id among equals.</param>
    /// <param name="topP">Draws from the fewest tokens that hold this share of the probability.</param>
    /// <param name="uniform">The random number in (0, 1) that decides.</param>
    public static int Draw(ReadOnlySpan<float> logits, double temperature, double topP, double uniform)
    {
        var best = 0;
        for (var i = 1; i < logits.Length; i++)
        {
            if (logits[i] > logits[best])
                best = i;
        }
        if (temperature <= 0)
            return best;

        var weights = new double[logits.Length];
        var order = new int[logits.Length];
        var total = 0.0;
        for (var i = 0; i < logits.Length; i++)
        {
            order[i] = i;
            total += weights[i] = Math.Exp((logits[i] - logits[best]) / temperature);
        }
        Array.Sort(order, (a, b) => weights[b] != weights[a] ? weights[b].CompareTo(weights[a]) : a.CompareTo(b));

        var kept = 0;
        var mass = 0.0;
        while (kept < order.Length && (kept == 0 || mass < topP * total))
            mass += weights[order[kept++]];
        var remaining = uniform * mass;
        for (var i = 0; i < kept; i++)
        {
            remaining -= weights[order[i]];
            if (remaining <= 0)
                return order[i];
        }
        return order[kept - 1];
    }
}
