using TuneGrid.Training.Randomness;

namespace TuneGrid.Training.Model;

/// <summary>
/// The weights a run starts from. Each parameter draws from its own stream, so that adding one option does not change the others.
/// </summary>
internal static unsafe class InitialWeights
{
    public static void Fill(ModelLayout layout, ulong seed, float* weights)
    {
        foreach (var parameter in layout.Parameters)
        {
            var target = weights + parameter.Offset;
            var deviation = Deviation(layout, parameter);
            var random = new Gaussian(SplitMix64.Mix(seed, NameHash(parameter.Name)));
            for (var i = 0L; i < parameter.Count; i++)
                target[i] = deviation == 0 ? 0 : (float)(deviation * random.NextNormal());
            if (parameter.Kind == ParameterKind.Vector)
                FillVector(parameter.Name, target, parameter.Count);
        }
    }

    private static void FillVector(string name, float* target, long count)
    {
        if (name.EndsWith("gain", StringComparison.Ordinal))
            new Span<float>(target, (int)count).Fill(1);
        else if (name.EndsWith("value_mix", StringComparison.Ordinal))
            new Span<float>(target, (int)count).Fill(0.5f);
        else if (name.EndsWith("mix", StringComparison.Ordinal))
            target[0] = 1;
    }

    private static double Deviation(ModelLayout layout, Parameter parameter)
    {
        var options = layout.Options;
        var isResidual = parameter.Name.EndsWith(".out", StringComparison.Ordinal)
            || parameter.Name.EndsWith(".down", StringComparison.Ordinal);
        var scaled = options.Initialization == Initialization.Scaled;
        return parameter.Kind switch
        {
            ParameterKind.Vector => 0,
            _ when parameter == layout.Bigram => 0,
            _ when parameter == layout.Token => scaled && !options.Tied ? 1 : 0.02,
            ParameterKind.Embedding => 0.02,
            ParameterKind.Head => options.ZeroInit ? 0 : 0.02,
            _ when isResidual && options.ZeroInit => 0,
            _ when scaled => 0.5 / Math.Sqrt(parameter.Columns),
            _ when options.Parametrization == Parametrization.Mup => 0.02 * Math.Sqrt((double)MupScale.BaseWidth / options.Width),
            // GPT-2's rule: residual projections shrink with the number of layers they add up over.
            _ => isResidual ? 0.02 / Math.Sqrt(2.0 * options.Depth) : 0.02,
        };
    }

    private static ulong NameHash(string name)
    {
        var hash = 14695981039346656037UL; // FNV-1a: string.GetHashCode differs from process to process
        foreach (var c in name)
            hash = (hash ^ c) * 1099511628211UL;
        return hash;
    }
}
