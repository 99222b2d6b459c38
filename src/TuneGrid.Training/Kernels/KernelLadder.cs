using System.Runtime.Intrinsics;
using TuneGrid.Training.Kernels.Assembled;
using TuneGrid.Training.Kernels.Blocked;
using TuneGrid.Training.Kernels.Reference;
using TuneGrid.Training.Kernels.Simd;
using TuneGrid.Training.Kernels.Simd.Elements;

namespace TuneGrid.Training.Kernels;

/// <summary>
/// The steps of kernels from plain loops to the machine's fastest instructions. Which ones this machine can climb is found once per process.
/// </summary>
public static class KernelLadder
{
    public const string EnvironmentVariable = "TUNEGRID_ISA";

    private static readonly SortedDictionary<InstructionSet, KernelSet> Steps = [];
    private static readonly SortedDictionary<InstructionSet, string> Reasons = [];
    private static readonly List<string> Refusals = [];

    static KernelLadder()
    {
        foreach (var set in Enum.GetValues<InstructionSet>())
            if (Processor.WhyMissing(set) is { } reason)
                Reasons.Add(set, reason);
            else
                Climb(set, BuildStep, Steps, Reasons, Refusals);
    }

    /// <summary>The steps this machine can run, slowest first; never empty.</summary>
    public static IReadOnlyList<InstructionSet> Supported => [.. Steps.Keys];

    /// <summary>Why each other step is missing, in a user's words.</summary>
    public static IReadOnlyDictionary<InstructionSet, string> Missing => Reasons;

    /// <summary>A line for the log about each step that the processor has and the system refused, or that failed its self-check. Usually empty.</summary>
    public static IReadOnlyList<string> Warnings => Refusals;

    /// <summary>The fastest step, or the one that <c>TUNEGRID_ISA</c> names.</summary>
    /// <exception cref="UnsupportedInstructionSetException">The variable names no step of this machine.</exception>
    public static KernelSet Best => Choose(Environment.GetEnvironmentVariable(EnvironmentVariable));

    /// <summary>
    /// As <see cref="Best"/>, but the fastest step whose products are fp32 where that one rounds to bf16: what writes text takes this, so that the likeliest
    /// words are the same on every machine and in every program a model is exported to.
    /// </summary>
    /// <exception cref="UnsupportedInstructionSetException">The variable names no step of this machine.</exception>
    public static KernelSet BestFp32 => InFp32(Best);

    /// <exception cref="UnsupportedInstructionSetException">This machine cannot run <paramref name="set"/>.</exception>
    public static KernelSet For(InstructionSet set) =>
        Steps.TryGetValue(set, out var step)
            ? step
            : throw new UnsupportedInstructionSetException($"The instruction set {Name(set)} cannot be used: {Reasons[set]}. This machine runs {Names(Steps.Keys)}.");

    /// <summary>The name of a step as users write it.</summary>
    public static string Name(InstructionSet set) => set.ToString().ToLowerInvariant();

    internal static KernelSet InFp32(KernelSet best) =>
        best.InstructionSet <= InstructionSet.Avx512 ? best : Steps.Last(step => step.Key <= InstructionSet.Avx512).Value;

    internal static KernelSet Choose(string? name)
    {
        if (string.IsNullOrWhiteSpace(name))
            return Steps.Values.Last();
        foreach (var set in Enum.GetValues<InstructionSet>())
            if (string.Equals(Name(set), name.Trim(), StringComparison.OrdinalIgnoreCase))
                return For(set);
        throw new UnsupportedInstructionSetException(
            $"{EnvironmentVariable}={name} names no instruction set: expected one of {Names(Enum.GetValues<InstructionSet>())}. This machine runs {Names(Steps.Keys)}.");
    }

    /// <summary>Adds a step, or why the system refused it and one line for the log.</summary>
    internal static void Climb(
        InstructionSet set, Func<InstructionSet, KernelSet> build,
        SortedDictionary<InstructionSet, KernelSet> steps, SortedDictionary<InstructionSet, string> reasons, List<string> refusals)
    {
        try
        {
            steps.Add(set, build(set));
        }
        catch (CodeRefusedException e)
        {
            reasons.Add(set, e.Message);
            refusals.Add($"{Name(set)} kernels are not used: {e.Message}; {Name(steps.Keys.Last())} is the next below.");
        }
    }

    private static KernelSet BuildStep(InstructionSet set)
    {
        switch (set)
        {
            case InstructionSet.Reference:
                return new(set, new ReferenceMatrixKernels(), new ReferenceAttentionKernels(), new ReferenceElementKernels());
            case InstructionSet.Vector128:
                return Simd<Lane128, Vector128<float>>(set);
            case InstructionSet.Avx2:
                return Simd<Lane256, Vector256<float>>(set);
            case InstructionSet.Avx512:
                return Simd<Lane512, Vector512<float>>(set);
            case InstructionSet.Avx512Bf16:
                return Assembled(set, new Avx512Bf16Step());
            case InstructionSet.Amx:
                return Assembled(set, new AmxStep());
            default:
                throw new ArgumentOutOfRangeException(nameof(set));
        }
    }

    private static KernelSet Simd<TLane, TVector>(InstructionSet set)
        where TLane : struct, ILane<TVector>
        where TVector : unmanaged
    {
        var matrix = new BlockedMatrixKernels(new SimdProductStep<TLane, TVector>());
        return new(set, matrix, new BlockedAttentionKernels<TLane, TVector>(matrix), new SimdElementKernels<TLane, TVector>());
    }

    private static KernelSet Assembled(InstructionSet set, ProductStep step)
    {
        var matrix = new BlockedMatrixKernels(step);
        SelfCheck.Run(matrix);
        return new(set, matrix, new BlockedAttentionKernels<Lane512, Vector512<float>>(matrix), new SimdElementKernels<Lane512, Vector512<float>>());
    }

    private static string Names(IEnumerable<InstructionSet> sets) => string.Join(", ", sets.Select(Name));
}
