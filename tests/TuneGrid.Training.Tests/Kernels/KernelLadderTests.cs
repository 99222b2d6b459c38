using Iced.Intel;
using TuneGrid.Training.Kernels;
using TuneGrid.Training.Kernels.Assembled;
using TuneGrid.Training.Kernels.Measurement;

namespace TuneGrid.Training.Tests.Kernels;

public sealed class KernelLadderTests
{
    [Fact]
    public void EveryLevelIsSupportedOrMissingWithAReason()
    {
        foreach (var set in Enum.GetValues<InstructionSet>())
            Assert.NotEqual(KernelLadder.Supported.Contains(set), KernelLadder.Missing.ContainsKey(set));
        Assert.Equal(InstructionSet.Reference, KernelLadder.Supported[0]);
    }

    [Fact]
    public void ALevelAnswersToItsName()
    {
        foreach (var set in KernelLadder.Supported)
            Assert.Equal(set, KernelLadder.Choose(KernelLadder.Name(set)).InstructionSet);
        Assert.Equal(KernelLadder.Supported[^1], KernelLadder.Choose(null).InstructionSet);
        Assert.Equal(KernelLadder.Supported[^1], KernelLadder.Choose(" ").InstructionSet);
    }

    [Fact]
    public void Fp32IsTheLevelItselfOrTheHighestThatDoesNotRound()
    {
        foreach (var set in KernelLadder.Supported)
        {
            var expected = set.RoundsToBf16() ? KernelLadder.Supported.Last(s => !s.RoundsToBf16()) : set;
            Assert.Equal(expected, KernelLadder.InFp32(KernelLadder.For(set)).InstructionSet);
        }
    }

    [Fact]
    public void AnUnknownNameIsRefusedWithWhatThisMachineRuns()
    {
        var error = Assert.Throws<UnsupportedInstructionSetException>(() => KernelLadder.Choose("sse9"));
        Assert.Contains("TUNEGRID_ISA=sse9", error.Message, StringComparison.Ordinal);
        Assert.Contains("reference", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AMissingLevelIsRefusedWithTheReason()
    {
        foreach (var (set, reason) in KernelLadder.Missing)
            Assert.Contains(
                reason, Assert.Throws<UnsupportedInstructionSetException>(() => KernelLadder.For(set)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ALevelThatTheSystemRefusesIsLeftOutWithOneLine()
    {
        SortedDictionary<InstructionSet, KernelSet> levels = [];
        SortedDictionary<InstructionSet, string> reasons = [];
        List<string> refusals = [];
        InstructionSet[] sets = [InstructionSet.Reference, InstructionSet.Vector128, InstructionSet.Avx512Bf16, InstructionSet.Amx];
        foreach (var set in sets)
            KernelLadder.TryAdd(set, Refusing, levels, reasons, refusals);
        Assert.Equal([InstructionSet.Reference, InstructionSet.Vector128], levels.Keys);
        Assert.Equal([InstructionSet.Avx512Bf16, InstructionSet.Amx], reasons.Keys);
        Assert.Equal(2, refusals.Count);
        Assert.All(refusals, line => Assert.EndsWith("vector128 is the next below.", line, StringComparison.Ordinal));
    }

    [LinuxFact]
    public void MemoryThatCannotBeMadeExecutableIsRefusedAndGivenBack()
    {
        const int impossible = 1 << 20;
        var refusal = Assert.Throws<CodeRefusedException>(() => ExecutableCode.Load([Return()], impossible));
        Assert.Contains("mprotect", refusal.Message, StringComparison.Ordinal);
        Assert.NotEqual(0, ExecutableCode.Load(Return())[0]);
    }

    private static Assembler Return()
    {
        var code = new Assembler(64);
        code.ret();
        return code;
    }

    private static KernelSet Refusing(InstructionSet set)
        => set >= InstructionSet.Avx512Bf16
            ? throw new CodeRefusedException("the system refused to make memory executable")
            : KernelLadder.For(set);

    [Fact]
    public void TheBenchMeasuresEveryKernel()
    {
        var set = KernelLadder.Supported[^1];
        var peak = PeakBench.Measure(set);
        var rows = KernelBench.Run(KernelLadder.For(set), peak, [32]).ToList();
        Assert.Equal(12, rows.Count);
        Assert.All(rows, r => Assert.InRange(r.GigaflopsPerSecond, 1e-3, 1e5));
        Assert.True(peak == null || peak.GigaflopsPerSecond > rows.Max(r => r.GigaflopsPerSecond) / 2);
    }
}

/// <summary>A test of what only Linux does.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute() => Skip = OperatingSystem.IsLinux() ? null : "the assembled kernels are built for Linux";
}
