using TuneGrid.Silo.Hardware;

namespace TuneGrid.Silo.Tests.Hardware;

public sealed class ProcessorTests
{
    private static readonly string[] HyperThreads =
    [
        "processor : 0", "model name : Some CPU", "physical id : 0", "core id : 0",
        "processor : 1", "model name : Some CPU", "physical id : 0", "core id : 0",
        "processor : 2", "model name : Some CPU", "physical id : 0", "core id : 1",
        "processor : 3", "model name : Some CPU", "physical id : 0", "core id : 1",
    ];

    [Fact]
    public void Threads_of_a_core_are_one_core() => Assert.Equal(2, Processor.LinuxCores(HyperThreads, new HashSet<int>()));

    [Fact]
    public void Cores_we_may_not_use_do_not_count() => Assert.Equal(1, Processor.LinuxCores(HyperThreads, Processor.ParseList("2-3")));

    [Fact]
    public void A_file_without_cores_says_nothing() => Assert.Null(Processor.LinuxCores(["processor : 0"], new HashSet<int>()));

    [Fact]
    public void Arm_is_named_by_its_part() =>
        Assert.Equal("arm 0x41 0xd0c", Processor.LinuxModel(["processor : 0", "CPU implementer : 0x41", "CPU part : 0xd0c"]));

    [Fact]
    public void A_list_has_ranges_and_numbers() => Assert.Equal([0, 1, 2, 8], Processor.ParseList(" 0-2,8\n").Order());

    [Fact]
    public void Memory_is_read_in_kilobytes() => Assert.Equal(2048, Memory.LinuxTotalBytes(["MemTotal:       2 kB", "MemFree: 1 kB"]));
}
