using System.Reflection;
using System.Text.RegularExpressions;
using TuneGrid.Silo.Hardware;

namespace TuneGrid.Silo.Tests.Hardware;

public sealed class HardwareClassesTests
{
    [Theory]
    [InlineData("AMD EPYC", "amd-epyc")]
    [InlineData("AMD EPYC 9R14 96-Core Processor", "amd-epyc-9r14")]
    [InlineData("Intel(R) Xeon(R) Processor @ 2.70GHz", "intel-xeon")]
    [InlineData("11th Gen Intel(R) Core(TM) i7-1165G7 @ 2.80GHz", "11th-gen-intel-core-i7-1165g7")]
    [InlineData("AMD Ryzen 7 PRO 5850U with Radeon Graphics", "amd-ryzen-7-pro-5850u")]
    [InlineData("Apple M2 Pro", "apple-m2-pro")]
    [InlineData("  ", "unknown")]
    public void A_model_name_becomes_a_short_slug(string model, string expected) => Assert.Equal(expected, HardwareClasses.Slug(model));

    /// <summary>
    /// A machine stopped for a second in the middle of a name (a debugger, a frozen container, a laptop's lid) failed with a
    /// RegexMatchTimeoutException.
    /// </summary>
    [Fact]
    public void No_clock_runs_while_a_name_is_read()
    {
        var patterns = typeof(HardwareClasses)
            .GetMethods(BindingFlags.NonPublic | BindingFlags.Static)
            .SelectMany(m => m.GetCustomAttributes<GeneratedRegexAttribute>())
            .ToList();

        Assert.NotEmpty(patterns);
        Assert.All(patterns, p => Assert.Equal(Timeout.Infinite, p.MatchTimeoutMilliseconds));
    }

    [Theory]
    [InlineData(1L << 29, 1)]
    [InlineData(15_900_000_000, 16)]
    [InlineData(16L << 30, 16)]
    [InlineData(24_900_000_000, 32)]
    public void Memory_is_classed_by_the_next_power_of_two(long bytes, long expected) =>
        Assert.Equal(expected, HardwareClasses.SizeClassGiB(bytes));

    [Fact]
    public void A_class_reads_as_model_threads_step_memory()
    {
        var machine = new Machine("box", "Linux", "AMD EPYC", 4, 2, 24_900_000_000);

        Assert.Equal("amd-epyc/2of2/avx512bf16/32g", HardwareClasses.Of(machine, 2, "avx512bf16").Key);
    }

    [Fact]
    public void This_machine_has_something_to_work_with()
    {
        Assert.InRange(Machine.Here.Cores, 1, Machine.Here.Processors);
        Assert.True(Machine.Here.MemoryBytes > 1 << 26);
        Assert.True(Machine.PeakMemoryBytes > 0);
    }
}
