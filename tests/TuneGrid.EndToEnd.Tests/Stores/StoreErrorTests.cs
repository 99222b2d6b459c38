using Microsoft.Data.Sqlite;
using TuneGrid.Coordination.Studies;
using TuneGrid.Testing.Processes;
using TuneGrid.Testing.Servers;

namespace TuneGrid.EndToEnd.Tests.Stores;

/// <summary>Stores that can't be used, as the person at the keyboard meets them.</summary>
public sealed class StoreErrorTests : IDisposable
{
    private readonly Sandbox _sandbox = new();

    private string Database => Path.Combine(_sandbox.Home, "tunegrid.db");

    public void Dispose() => _sandbox.Dispose();

    [NeedsFact(Need.PostgreSql)]
    public async Task A_server_that_refuses_says_why_and_what_to_do()
    {
        using var server = new PostgresServer();
        var store = server.ConnectionString;
        await IsRefusedAsync(store, "not initialised", "tunegrid store init");
        await WorksAsync("store", "init", "--store", store);
        await IsRefusedAsync(
            store.Replace("owner-secret", "wrong-secret", StringComparison.Ordinal),
            "password authentication failed",
            "check Username and Password");
        await IsRefusedAsync(store.Replace("=postgres", "=nowhere", StringComparison.Ordinal), "\"nowhere\" does not exist", "createdb");
        await IsRefusedAsync(
            "Host=nowhere.invalid;Username=owner;Password=owner-secret", "postgresql://nowhere.invalid:5432", "check Host");
        await IsRefusedAsync(
            "Host=127.0.0.1;Port=1;Username=owner;Password=owner-secret", "postgresql://127.0.0.1:1", "check that the server runs");
    }

    [NeedsFact(Need.PostgreSql)]
    public async Task Another_schema_is_refused_and_an_older_one_upgraded()
    {
        using var server = new PostgresServer();
        var store = server.ConnectionString;
        await WorksAsync("store", "init", "--store", store);
        await server.ExecuteAsync("DROP TABLE tunegrid.shared_texts; UPDATE tunegrid.schema_version SET version = 1");
        await IsRefusedAsync(store, "older schema 1", "tunegrid store upgrade");
        await WorksAsync("store", "upgrade", "--store", store);
        await WorksAsync("studies", "--store", store);
        await server.ExecuteAsync("UPDATE tunegrid.schema_version SET version = 99");
        await IsRefusedAsync(store, "newer TuneGrid (schema 99", "update TuneGrid");
        await IsRefusedAsync(["store", "upgrade"], store, "update TuneGrid");
    }

    [Theory]
    [InlineData("Hots=db;Username=me;Password=owner-secret")]
    [InlineData("Host=db;Usrname=me;Password=owner-secret")]
    [InlineData("Database=grid;Password=owner-secret")]
    [InlineData("postgresql:me:owner-secret@db")]
    [InlineData("postgres://me:owner-secret@db:99999/grid")]
    public async Task A_mistyped_connection_is_no_folder(string store)
    {
        using var process = await TuneGridProcess.RunAsync(_sandbox, "studies", "--store", store);
        ErrorMessage.Check(process, 2, "Host=...;Database=...;Username=...;Password=...");
        Assert.Empty(Directory.GetFileSystemEntries(_sandbox.Folder));
    }

    [NeedsTheory(Need.SomebodyElse)]
    [InlineData(0b101_101_101, 0b110_110_110)]
    [InlineData(0b111_111_111, 0b100_100_100)]
    public async Task What_may_not_be_written_is_named(int folderMode, int fileMode)
    {
        await WorksAsync("studies");
        File.SetUnixFileMode(_sandbox.Folder, (UnixFileMode)0b111_101_101);
        File.SetUnixFileMode(_sandbox.Home, (UnixFileMode)folderMode);
        File.SetUnixFileMode(Database, (UnixFileMode)fileMode);
        var before = await File.ReadAllBytesAsync(Database);
        string[] search = ["search", _sandbox.WriteSpace("storybook", trials: 1, steps: 3, rungs: 1), "--no-silo"];
        using (var process = TuneGridProcess.Start(_sandbox, search, wrapper: Needs.AsSomebodyElse))
        {
            await process.ExitAsync();
            ErrorMessage.Check(process, 1, Database, "write");
        }
        File.SetUnixFileMode(_sandbox.Home, (UnixFileMode)0b111_101_101);
        File.SetUnixFileMode(Database, (UnixFileMode)0b110_100_100);
        Assert.Equal(before, await File.ReadAllBytesAsync(Database));
        await WorksAsync("studies");
    }

    [Fact]
    public async Task A_file_that_is_no_store_is_left_alone()
    {
        var diary = _sandbox.Write("diary.db", string.Concat(Enumerable.Repeat("Dear diary, this is no database. ", 100)));
        await IsRefusedAsync(diary, diary, "is not a TuneGrid store", "choose another --store");
        Assert.StartsWith("Dear diary", await File.ReadAllTextAsync(diary), StringComparison.Ordinal);

        await WorksAsync("studies");
        Execute("PRAGMA user_version = 99");
        await IsRefusedAsync(_sandbox.Home, Database, "newer TuneGrid (schema 99", "update TuneGrid");
        await IsRefusedAsync(_sandbox.Write("notes", "not a folder"), "notes", "can't be opened");
    }

    [Fact]
    public async Task The_command_line_wins_over_the_environment()
    {
        var elsewhere = Path.Combine(_sandbox.Folder, "elsewhere");
        var unreachable = new Dictionary<string, string>
        {
            ["TUNEGRID_STORE"] = "Host=127.0.0.1;Port=1;Username=owner;Password=owner-secret",
        };
        using (var here = TuneGridProcess.Start(_sandbox, ["studies", "--store", elsewhere], unreachable))
            Assert.True(await here.ExitAsync() == 0, here.Errors);
        Assert.True(File.Exists(Path.Combine(elsewhere, "tunegrid.db")));
        using var there = TuneGridProcess.Start(_sandbox, ["studies"], unreachable);
        await there.ExitAsync();
        ErrorMessage.Check(there, 1, "postgresql://127.0.0.1:1");
        Assert.False(File.Exists(Database));
    }

    [Fact]
    public async Task A_silo_with_another_store_s_artifacts_is_refused()
    {
        await _sandbox.AddStoriesAsync();
        var (space, other) = (_sandbox.WriteSpace("tiny", trials: 3, steps: 9, rungs: 2), Path.Combine(_sandbox.Folder, "other"));
        await WorksAsync("search", space);
        await WorksAsync("search", space, "--store", other);
        string[] mixing = ["start-silo", "--idle-exit", "0", "--artifacts", Path.Combine(other, "artifacts")];
        using (var mixed = await TuneGridProcess.RunAsync(_sandbox, mixing))
        {
            Assert.Equal(1, mixed.ExitCode);
            Assert.Contains(
                $"tunegrid: {other}/artifacts is not the folder where the store {Database} keeps its artifacts",
                mixed.Errors,
                StringComparison.Ordinal);
        }
        await WorksAsync("start-silo", "--idle-exit", "0");
        Directory.Delete(Path.Combine(_sandbox.Home, "artifacts"), recursive: true);
        await WorksAsync("start-silo", "--idle-exit", "0");
    }

    [NeedsFact(Need.PostgreSql)]
    public async Task Silos_of_one_server_keep_their_artifacts_in_one_place()
    {
        using var server = new PostgresServer();
        await WorksAsync("store", "init", "--store", server.ConnectionString);
        string[] silo = ["start-silo", "--idle-exit", "0", "--store", server.ConnectionString];
        string[] shared = [.. silo, "--artifacts", Path.Combine(_sandbox.Folder, "shared")];
        await WorksAsync(shared);
        await WorksAsync(shared);
        using var mixed = await TuneGridProcess.RunAsync(_sandbox, silo);
        Assert.Equal(1, mixed.ExitCode);
        Assert.Contains("keeps its artifacts in a shared folder: name it with --artifacts", mixed.Errors, StringComparison.Ordinal);
    }

    private async Task WorksAsync(params string[] command)
    {
        using var process = await TuneGridProcess.RunAsync(_sandbox, command);
        Assert.True(process.ExitCode == 0, process.Errors);
    }

    private Task IsRefusedAsync(string store, params string[] says) => IsRefusedAsync(["studies"], store, says);

    private async Task IsRefusedAsync(string[] command, string store, params string[] says)
    {
        using var process = await TuneGridProcess.RunAsync(_sandbox, [.. command, "--store", store]);
        ErrorMessage.Check(process, 1, says);
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
