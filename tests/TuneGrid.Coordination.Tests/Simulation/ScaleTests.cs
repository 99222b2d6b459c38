using TuneGrid.Simulation.Scale;

namespace TuneGrid.Coordination.Tests.Simulation;

/// <summary>What a healthy fleet costs its store, counted, as it grows. Larger ones: <c>TuneGrid.Benchmarks scale</c>.</summary>
public sealed class ScaleTests
{
    [Fact]
    public void A_trial_costs_hardly_more_in_a_large_fleet()
    {
        var (small, large) = (new ScaleStudy(10, 4).Run(), new ScaleStudy(300, 4).Run());
        var logarithm = Math.Log(large.Silos) / Math.Log(small.Silos);
        Assert.InRange(large.OperationsPerTrial, 0, small.OperationsPerTrial * logarithm);
        // The idle tail included, when most silos wait for the last few trials.
        Assert.InRange(large.WholeOperationsPerTrial, 0, small.WholeOperationsPerTrial * logarithm);
        Assert.All(new[] { small, large }, r => Assert.InRange(r.IdleShare, 0, 0.02));
    }

    [Fact]
    public void Finding_expired_leases_costs_a_large_fleet_less_than_each_silo_reading_all_of_them()
    {
        var report = new ScaleStudy(300, 4).Run();
        Assert.InRange(report.RowsPerTrial, 0, report.Silos);
    }
}
