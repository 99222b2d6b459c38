using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Silos;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Work;
using TuneGrid.Search.Scheduling;
using TuneGrid.Simulation;
using TuneGrid.Testing.Contracts;

namespace TuneGrid.Coordination.Tests.Work;

public sealed class LedgerCoordinatorTests : StudyCoordinatorContract
{
    private protected override IStudyCoordinator NewCoordinator() => new LedgerCoordinator(Store, TestSpace.Plan, Options, Time);

    [Fact]
    public async Task The_lease_of_a_silo_that_is_known_to_be_dead_is_free_at_once()
    {
        var study = await LaunchAsync(1);
        var work = await TakeAsync(NewCoordinator(), study, "dead");
        var knowing = new LedgerCoordinator(Store, TestSpace.Plan, Options, Time, new OneDead("dead"));
        Assert.Equal(work.Trial, (await TakeAsync(knowing, study, "alive")).Trial);
        Assert.Single(await EventsAsync<LeaseExpired>(study));
    }

    /// <summary>Knows that one silo is dead.</summary>
    private sealed class OneDead(string dead) : IFleet
    {
        public bool IsGone(SiloId silo) => silo.Value == dead;

        public bool PrefersAnother(StudyState state, TrialId trial, SiloDescription asks) => false;
    }
}
