using TuneGrid.Coordination.Ports;
using TuneGrid.Coordination.Ports.InMemory;

namespace TuneGrid.Runtime.Tests.Storage;

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
