using TuneGrid.Silo.Hardware;
using TuneGrid.Simulation;

namespace TuneGrid.Silo.Tests.Hardware;

public sealed class EnergyMeterTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tunegrid-rapl-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Packages_are_summed_their_parts_are_not_and_a_wrap_is_no_loss()
    {
        Counter("intel-rapl:0", 9_000_000);
        Counter("intel-rapl:1", 1_000_000);
        Counter("intel-rapl:0:0", 5_000_000);
        var meter = EnergyMeter.Open(_folder)!;

        Counter("intel-rapl:0", 2_000_000);
        Counter("intel-rapl:1", 4_000_000);
        Counter("intel-rapl:0:0", 9_000_000);

        Assert.Equal(3 + 3, meter.Joules(), 6);
        Assert.Equal(3 + 3, meter.Joules(), 6);
    }

    [Fact]
    public void A_machine_without_counters_has_no_meter()
    {
        Assert.Null(EnergyMeter.Open(_folder));
        Assert.Null(EnergyMeter.Open(Path.Combine(_folder, "nowhere")));
    }

    private void Counter(string name, long microjoules)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
        File.WriteAllText(Path.Combine(folder, "max_energy_range_uj"), "10000000\n");
        File.WriteAllText(Path.Combine(folder, "energy_uj"), FormattableString.Invariant($"{microjoules}\n"));
    }
}
