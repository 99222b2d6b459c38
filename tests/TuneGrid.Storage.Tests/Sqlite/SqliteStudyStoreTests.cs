using TuneGrid.Coordination.Ledger;
using TuneGrid.Storage.Sqlite;
using TuneGrid.Testing.Contracts;

namespace TuneGrid.Storage.Tests.Sqlite;

public sealed class SqliteStudyStoreTests : DurableStoreContract
{
    private readonly SettableClock _clock = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("tunegrid-test-").FullName;

    private protected override Task<IStudyStore> OpenAsync() =>
        Task.FromResult<IStudyStore>(SqliteStudyStore.Open(Path.Combine(_folder, "tunegrid.db"), _clock));

    private protected override Task AdvanceAsync(TimeSpan by)
    {
        _clock.Now += by;
        return Task.CompletedTask;
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
