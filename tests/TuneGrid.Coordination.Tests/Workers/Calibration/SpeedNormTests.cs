using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using TuneGrid.Coordination.Workers.Calibration;

namespace TuneGrid.Coordination.Tests.Workers.Calibration;

public sealed class SpeedNormTests
{
    [Fact]
    public void There_is_none_before_the_first_probe() => Assert.Equal(0, new SpeedNorm().Value);

    [Fact]
    public void A_lucky_probe_does_not_raise_it() => Assert.Equal(100, Of([100, 100, 100, 100, 100, 900]).Value);

    [Fact]
    public void A_calibrated_silo_that_throttles_keeps_its_norm()
        => Assert.Equal(100, Of([.. Enumerable.Repeat(100.0, 12), .. Enumerable.Repeat(40.0, 490)]).Value);

    [Fact]
    public void What_lasts_longer_than_its_memory_becomes_the_norm() => Assert.Equal(40, Of([100, .. Enumerable.Repeat(40.0, 600)]).Value);

    [Property]
    public Property It_lies_within_what_was_measured() => Prop.ForAll(
        Gen.Choose(1, 1000).NonEmptyListOf().ToArbitrary(),
        probes => Assert.InRange(Of(probes.Select(p => (double)p)).Value, probes.Min(), probes.Max()));

    private static SpeedNorm Of(IEnumerable<double> probes)
    {
        var norm = new SpeedNorm();
        foreach (var probe in probes)
            norm.Add(probe);
        return norm;
    }
}
