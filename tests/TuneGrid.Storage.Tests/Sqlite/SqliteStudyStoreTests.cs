using Microsoft.Data.Sqlite;
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

    private protected override Task ChangeAsync(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder, "tunegrid.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql
            .Replace("{mine}", $"study = (SELECT id FROM studies WHERE study = '{Study}')", StringComparison.Ordinal)
            .Replace("{studies}", "studies", StringComparison.Ordinal)
            .Replace("{events}", "events", StringComparison.Ordinal)
            .Replace("{leases}", "leases", StringComparison.Ordinal)
            .Replace("{silos}", "silos", StringComparison.Ordinal);
        command.ExecuteNonQuery();
        return Task.CompletedTask;
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
