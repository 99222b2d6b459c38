using System.Runtime.Intrinsics;
using TuneGrid.Training.Kernels.Assembled;
using TuneGrid.Training.Kernels.Blocked;
using TuneGrid.Training.Kernels.Reference;
using TuneGrid.Training.Kernels.Simd;
using TuneGrid.Training.Kernels.Simd.Elements;

namespace TuneGrid.Training.Kernels;

/// <summary>
/// The levels of the kernels, from plain loops to the machine's fastest instructions. Which ones this machine can run is found once per
/// process.
/// </summary>
public static class KernelLadder
{
    /// <summary>Names the variable that forces a level.</summary>
    public const string EnvironmentVariable = "TUNEGRID_ISA";

    private static readonly SortedDictionary<InstructionSet, KernelSet> Levels = [];
    private static readonly SortedDictionary<InstructionSet, string> Reasons = [];
    private static readonly List<string> Refusals = [];

    static KernelLadder()
    {
        foreach (var set in Enum.GetValues<InstructionSet>())
            if (Processor.WhyMissing(set) is { } reason)
                Reasons.Add(set, reason);
            else
                TryAdd(set, BuildLevel, Levels, Reasons, Refusals);
    }

    /// <summary>The levels this machine can run, slowest first; never empty.</summary>
    public static IReadOnlyList<InstructionSet> Supported => [.. Levels.Keys];

    /// <summary>Why each other level is missing, in a user's words.</summary>
    public static IReadOnlyDictionary<InstructionSet, string> Missing => Reasons;

    /// <summary>
    /// A line for the log about each level that the processor has and the system refused, or that failed its self-check. Usually empty.
    /// </summary>
    public static IReadOnlyList<string> Warnings => Refusals;

    /// <summary>The fastest level, or the one that <c>TUNEGRID_ISA</c> names.</summary>
    /// <exception cref="UnsupportedInstructionSetException">The variable names no level of this machine.</exception>
    public static KernelSet Best => Choose(Environment.GetEnvironmentVariable(EnvironmentVariable));

    /// <summary>
    /// As <see cref="Best"/>, but the fastest level whose products are fp32 where that one rounds to bf16: what writes text takes this, so
    /// that the likeliest words are the same on every machine and in every program a model is exported to.
    /// </summary>
    /// <exception cref="UnsupportedInstructionSetException">The variable names no level of this machine.</exception>
    public static KernelSet BestFp32 => InFp32(Best);

    /// <summary>The kernels of one level.</summary>
    /// <exception cref="UnsupportedInstructionSetException">This machine cannot run <paramref name="set"/>.</exception>
    public static KernelSet For(InstructionSet set) =>
        Levels.TryGetValue(set, out var level)
            ? level
            : throw new UnsupportedInstructionSetException(
                $"The instruction set {Name(set)} cannot be used: {Reasons[set]}. This machine runs {Names(Levels.Keys)}.");

    /// <summary>The name of a level as users write it.</summary>
    public static string Name(InstructionSet set) => set.ToString().ToLowerInvariant();

    internal static KernelSet InFp32(KernelSet best) =>
        best.InstructionSet <= InstructionSet.Avx512 ? best : Levels.Last(level => level.Key <= InstructionSet.Avx512).Value;

    internal static KernelSet Choose(string? name)
    {
        if (string.IsNullOrWhiteSpace(name))
            return Levels.Values.Last();
        foreach (var set in Enum.GetValues<InstructionSet>())
            if (string.Equals(Name(set), name.Trim(), StringComparison.OrdinalIgnoreCase))
                return For(set);
        throw new UnsupportedInstructionSetException(
            $"{EnvironmentVariable}={name} names no instruction set: expected one of {Names(Enum.GetValues<InstructionSet>())}. "
            + $"This machine runs {Names(Levels.Keys)}.");
    }

    /// <summary>Adds a level, or why the system refused it and one line for the log.</summary>
    internal static void TryAdd(
        InstructionSet set, Func<InstructionSet, KernelSet> build,
        SortedDictionary<InstructionSet, KernelSet> levels, SortedDictionary<InstructionSet, string> reasons, List<string> refusals)
    {
        try
        {
            levels.Add(set, build(set));
        }
        catch (CodeRefusedException e)
        {
            reasons.Add(set, e.Message);
            refusals.Add($"{Name(set)} kernels are not used: {e.Message}; {Name(levels.Keys.Last())} is the next below.");
        }
    }

    private static KernelSet BuildLevel(InstructionSet set)
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
                return Assembled(set, new Avx512Bf16PanelKernel());
            case InstructionSet.Amx:
                return Assembled(set, new AmxPanelKernel());
            default:
                throw new ArgumentOutOfRangeException(nameof(set));
        }
    }

    private static KernelSet Simd<TLane, TVector>(InstructionSet set)
        where TLane : struct, ILane<TVector>
        where TVector : unmanaged
    {
        var matrix = new BlockedMatrixKernels(new SimdPanelKernel<TLane, TVector>());
        return new(set, matrix, new BlockedAttentionKernels<TLane, TVector>(matrix), new SimdElementKernels<TLane, TVector>());
    }

    private static KernelSet Assembled(InstructionSet set, PanelKernel kernel)
    {
        var matrix = new BlockedMatrixKernels(kernel);
        SelfCheck.Run(matrix);
        return new(
            set, matrix, new BlockedAttentionKernels<Lane512, Vector512<float>>(matrix),
            new SimdElementKernels<Lane512, Vector512<float>>());
    }

    private static string Names(IEnumerable<InstructionSet> sets) => string.Join(", ", sets.Select(Name));
}
