namespace TuneGrid.Search.Surrogates;

/// <summary>
/// Scores as a Gaussian process should see them: partly by rank, which no outlier spoils, and partly by their distance to the best, so that
/// many near the best, which a search brings about, do not push one another apart until nothing else matters.
/// </summary>
internal static class ModelScores
{
    /// <summary>In the distance between the best and the median: what is worse is as bad as any.</summary>
    private const double Farthest = 2;

    /// <summary>Returns a mixture of normal scores and distances, of mean 0 and variance 1 each.</summary>
    /// <param name="values">Lower is better; infinity for what failed.</param>
    /// <param name="distanceShare">The distances' weight.</param>
    public static double[] Of(double[] values, double distanceShare)
    {
        var scores = NormalScores.Of(values);
        var sorted = (double[])values.Clone();
        Array.Sort(sorted);
        var (best, median) = (sorted[0], sorted[sorted.Length / 2]);
        if (!(median > best) || double.IsInfinity(median))
            return scores;
        var distances = new double[values.Length];
        for (var i = 0; i < distances.Length; i++)
            distances[i] = Math.Min((values[i] - best) / (median - best), Farthest);
        var (mean, variance) = (0.0, 0.0);
        foreach (var distance in distances)
            mean += distance / distances.Length;
        foreach (var distance in distances)
            variance += (distance - mean) * (distance - mean) / distances.Length;
        var deviation = Math.Sqrt(variance);
        for (var i = 0; i < scores.Length; i++)
            scores[i] = (distanceShare * (distances[i] - mean) / deviation) + ((1 - distanceShare) * scores[i]);
        return scores;
    }
}
