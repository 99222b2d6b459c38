using Microsoft.Data.Sqlite;
using TuneGrid.Coordination;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Storage.Sqlite;
using TuneGrid.Testing.Contracts;

namespace TuneGrid.Storage.Tests.Sqlite;

/// <summary>Files that are torn, foreign, older, newer or full: named, never a crash, never different events.</summary>
public sealed class SqliteFileTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly StudyId Study = new("gpt-1");
    private readonly string _folder = Directory.CreateTempSubdirectory("tunegrid-test-").FullName;

    private string Database => Path.Combine(_folder, "tunegrid.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_flipped_bit_anywhere_never_gives_different_events()
    {
        var good = await WriteAsync();
        var expected = await ReadAllAsync();
        var damaged = 0;
        for (var at = 0; at < good.Length; at += 29)
        {
            var bytes = (byte[])good.Clone();
            bytes[at] ^= (byte)(1 << (at % 8));
            damaged += await IsRefusedOrSameAsync(bytes, expected, $"byte {at} flipped") ? 1 : 0;
        }
        Assert.True(damaged > 30, $"only {damaged} flips were noticed");
    }

    [Fact]
    public async Task A_cut_file_never_gives_different_events()
    {
        var good = await WriteAsync();
        var expected = await ReadAllAsync();
        // A cut in the last page hits an empty table and is harmless; whatever takes away a page of the ledger is not.
        for (var length = 1; length < good.Length; length += 197)
        {
            var refused = await IsRefusedOrSameAsync(good[..length], expected, $"cut to {length}");
            Assert.True(refused || length > good.Length * 3 / 4, $"a file cut to {length} of {good.Length} bytes was not noticed");
        }
    }

    [Fact]
    public async Task A_changed_name_makes_no_study_vanish()
    {
        await WriteAsync();
        Execute("UPDATE studies SET study = 'other'");
        await using var store = SqliteStudyStore.Open(Database, TimeProvider.System);
        Assert.Equal("other", Assert.Single((await store.ListAsync(None)).Broken).Study!.Value.Value);
        Assert.Equal(0, (await Assert.ThrowsAsync<LedgerCorruptException>(ReadAllAsync)).Sequence);
    }

    [Fact]
    public void A_newer_schema_and_foreign_files_are_refused()
    {
        File.WriteAllText(Database, string.Concat(Enumerable.Repeat("Dear diary, this is no database. ", 100)));
        Assert.Contains("not a TuneGrid store", Refusal(), StringComparison.Ordinal);
        File.Delete(Database);
        Execute("CREATE TABLE diary (day TEXT)");
        Assert.Contains("another program", Refusal(), StringComparison.Ordinal);
        File.Delete(Database);
        SqliteStudyStore.Open(Database, TimeProvider.System, [.. SqliteSchema.Migrations, "CREATE TABLE later (x)"])
            .DisposeAsync()
            .AsTask()
            .Wait();
        Assert.Contains("newer TuneGrid", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_older_schema_is_copied_and_upgraded()
    {
        await WriteAsync();
        var expected = await ReadAllAsync();
        await SqliteStudyStore.Open(Database, TimeProvider.System, [.. SqliteSchema.Migrations, "CREATE TABLE later (x)"]).DisposeAsync();
        var backup = Assert.Single(Directory.GetFiles(_folder, "*.bak"));
        Assert.Equal(expected, await ReadAllAsync(backup));
    }

    [Fact]
    public async Task A_full_disk_is_named_and_loses_nothing()
    {
        await WriteAsync();
        await using var store = SqliteStudyStore.Open(Database, TimeProvider.System);
        store.LimitPages(20);
        var appended = 5L;
        var fault = await Assert.ThrowsAsync<StoreUnusableException>(async () =>
        {
            while (await store.TryAppendAsync(Sample.Append(Study, appended, Sample.Proposed(1)), None))
                appended++;
        });
        Assert.Contains("disk is full", fault.Message, StringComparison.Ordinal);
        Assert.Equal(appended, (await store.ReadAsync(Study, 0, None)).Count);
        store.LimitPages(100_000);
        Assert.True(await store.TryAppendAsync(Sample.Append(Study, appended, Sample.Proposed(1)), None));
    }

    private async Task<byte[]> WriteAsync()
    {
        await using (var store = SqliteStudyStore.Open(Database, TimeProvider.System))
        {
            Assert.True(await store.TryAppendAsync(Sample.Create(Study), None));
            Assert.True(await store.TryAppendAsync(
                Sample.Append(Study, 1, Sample.Proposed(0), Sample.Proposed(1), Sample.Reached(0, 1.5), Sample.Reached(1, 1.25)), None));
        }
        return await File.ReadAllBytesAsync(Database);
    }

    private Task<IReadOnlyList<RecordedEvent>> ReadAllAsync() => ReadAllAsync(Database);

    private static async Task<IReadOnlyList<RecordedEvent>> ReadAllAsync(string file)
    {
        await using var store = SqliteStudyStore.Open(file, TimeProvider.System);
        return await store.ReadAsync(Study, 0, None);
    }

    /// <summary>True if the file was refused, false if it read as before; anything else fails the test.</summary>
    private async Task<bool> IsRefusedOrSameAsync(byte[] bytes, IReadOnlyList<RecordedEvent> expected, string what)
    {
        var file = Path.Combine(_folder, Path.GetRandomFileName() + ".db");
        await File.WriteAllBytesAsync(file, bytes);
        try
        {
            var read = await ReadAllAsync(file);
            Assert.True(expected.SequenceEqual(read), $"{what}: read {read.Count} different events");
            return false;
        }
        catch (Exception fault) when (fault is StoreUnusableException or LedgerCorruptException)
        {
            Assert.Contains(file, fault.Message, StringComparison.Ordinal);
            return true;
        }
    }

    private string Refusal() => Assert.Throws<StoreUnusableException>(() => SqliteStudyStore.Open(Database, TimeProvider.System)).Message;

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
