using System.Numerics;
using TuneGrid.Search.Randomness;
using TuneGrid.Search.Space;

namespace TuneGrid.Simulation.Surrogates;

/// <summary>What a surrogate says of a training.</summary>
/// <param name="Score">Validation bits per byte; NaN where it fails.</param>
/// <param name="Seconds">What it takes, or took until it failed.</param>
public sealed record SurrogateResult(bool Failed, double Score, double Seconds);

/// <summary>
/// Five-minute GPT trainings of fourteen hyperparameters, as two forests grown from real ones answer them. Bit for bit what its reference
/// evaluator in Python answers: leaves are summed as integers and divided once, and the noise is a sum of twelve integers.
/// </summary>
/// <param name="space">Its parameters; the last is the window pattern.</param>
/// <param name="values">Leaves in millionths of a bit per byte.</param>
/// <param name="failures">Leaves in millionths of a failure: half a failure on average is one.</param>
public sealed class SurrogateBenchmark(SurrogateSpace space, SurrogateForest values, SurrogateForest failures)
{
    /// <summary>How long a training that doesn't fail takes.</summary>
    public const double TrainingSeconds = 300;

    private const long Unit = 1_000_000;
    private const int RowTokens = 2048;
    private const int NoiseFeatures = 14, NoiseDraws = 12, NoiseBits = 24;

    /// <summary>What it is searched in.</summary>
    public SurrogateSpace Space => space;

    /// <summary>Returns what the training comes to.</summary>
    /// <param name="configuration">All fourteen hyperparameters.</param>
    /// <param name="repeat">Null for the mean of many runs; else one run's noise, another for each number.</param>
    public SurrogateResult Train(Configuration configuration, ulong? repeat = null)
    {
        var features = Features(configuration);
        if (failures.Sum(features) >= Unit / 2 * failures.Trees)
            return new(true, double.NaN, space.FailedSeconds[(int)features[0] - (int)((IntParameter)space.Parameters[0]).Minimum]);
        var score = (double)values.Sum(features) / (Unit * values.Trees);
        if (repeat is { } run)
            score += space.Noise.First(n => score < n.Below).Deviation * Normal(features, run);
        return new(false, score, TrainingSeconds);
    }

    /// <summary>The hyperparameters, and eight of their products.</summary>
    private double[] Features(Configuration configuration)
    {
        var (depth, head) = (Whole("DEPTH"), Whole("HEAD_DIM"));
        var rows = Whole("DEVICE_BATCH_SIZE");
        // A step holds at least one device batch.
        var batch = Math.Max(Whole("TOTAL_BATCH_SIZE"), rows * RowTokens);
        var width = (((depth * Whole("ASPECT_RATIO")) + head - 1) / head) * head;
        var pattern = ((ChoiceParameter)space.Parameters[^1]).Values.IndexOf(configuration[space.Parameters[^1].Name]);
        var letters = configuration[space.Parameters[^1].Name].ToString();
        // The pattern repeats; the last layer always sees everything.
        var longLayers = 1 + Enumerable.Range(0, (int)depth - 1).Count(layer => letters[layer % letters.Length] == 'L');
        return
        [
            .. space.Parameters[..^1].Select(p => p.Name == "TOTAL_BATCH_SIZE" ? batch : Number(p.Name)), pattern,
            width, width / head, depth * width * width, rows * depth * width, longLayers, batch / (rows * RowTokens),
            batch * depth * width * width, Number("WEIGHT_DECAY") * Number("MATRIX_LR"),
        ];

        long Whole(string name) => (long)Number(name);
        double Number(string name) => space.PowersOfTwo.Contains(name)
            ? Snapped((long)configuration[name].Number) : configuration[name].Number;
    }

    /// <summary>The nearer power of two; the lower of two equally near.</summary>
    private static long Snapped(long value)
    {
        var low = 1L << BitOperations.Log2((ulong)value);
        return value - low <= (2 * low) - value ? low : 2 * low;
    }

    /// <summary>A draw of mean 0 and variance 1 from the hyperparameters' bits and the repeat: FNV-1a, then twelve of SplitMix64.</summary>
    private static double Normal(double[] features, ulong repeat)
    {
        const ulong FnvPrime = 1099511628211;
        var seed = 14695981039346656037UL;
        foreach (var feature in features[..NoiseFeatures])
            seed = (seed ^ BitConverter.DoubleToUInt64Bits(feature)) * FnvPrime;
        seed = (seed ^ repeat) * FnvPrime;
        var sum = 0L;
        for (var draw = 0UL; draw < NoiseDraws; draw++)
            sum += (long)(SplitMix64.At(seed, draw) >> (64 - NoiseBits));
        return (sum - (NoiseDraws * (1L << (NoiseBits - 1))) + (NoiseDraws / 2)) / (double)(1L << NoiseBits);
    }
}
