using TuneGrid.Coordination.Ledger;
using TuneGrid.Simulation.Stores;
using TuneGrid.Testing.Contracts;

namespace TuneGrid.Coordination.Tests.Simulation;

public sealed class InMemoryStudyStoreTests : StudyStoreContract
{
    private readonly SettableClock _clock = new();

    private protected override Task<IStudyStore> OpenAsync() => Task.FromResult<IStudyStore>(new InMemoryStudyStore(_clock));

    private protected override Task AdvanceAsync(TimeSpan by)
    {
        _clock.Now += by;
        return Task.CompletedTask;
    }
}
