using Microsoft.Data.Sqlite;
using TuneGrid.Cli.Terminal;
using TuneGrid.Testing.Commands;
using TuneGrid.Testing.Contracts;

namespace TuneGrid.Cli.Tests;

/// <summary>A store in which one study, row or model was damaged: it is named, and every command goes on with the rest.</summary>
public sealed class BrokenStoreTests : IDisposable
{
    private readonly Shell _shell = new();

    public void Dispose() => _shell.Dispose();

    [Theory]
    [InlineData("UPDATE events SET event = replace(event, '64', '65') WHERE sequence = 2 AND study = 1", 2)]
    [InlineData("INSERT INTO events SELECT 1, 99, '{}', 1", 14)]
    public async Task A_command_that_names_a_broken_study_says_which_event_and_all_others_go_on(string damage, int sequence)
    {
        await LedgerWriter.WriteOpenAsync(_shell, "broken");
        await LedgerWriter.WriteCompletedAsync(_shell, "ended");
        await LedgerWriter.WriteOpenAsync(_shell, "open");
        Damage(damage);

        string[][] naming = [["show", "broken"], ["trials", "broken"], ["cancel", "broken"], ["pause", "broken"], ["resume", "broken"]];
        foreach (var command in naming)
        {
            var answer = await _shell.RunAsync(command);
            Assert.True(answer.Code == ExitCodes.Failure, answer.ToString());
            var error = Assert.Single(answer.Error.TrimEnd().Split('\n'), l => l.StartsWith("tunegrid: ", StringComparison.Ordinal));
            Assert.StartsWith($"tunegrid: study broken: the ledger is damaged at event {sequence}: ", error);
        }
        string[][] others =
            [["studies"], ["show", "open"], ["trials", "ended"], ["silos"], ["best"], ["store", "sweep"], ["cancel", "open"]];
        foreach (var command in others)
        {
            var answer = await _shell.RunAsync(command);
            Assert.True(answer.Code == ExitCodes.Fine, answer.ToString());
        }
        var doctor = await _shell.RunAsync("doctor");
        Assert.True(doctor.Code == ExitCodes.Failure, doctor.ToString());
        Assert.Contains($"study broken: the ledger is damaged at event {sequence}", doctor.Out);
    }

    [Fact]
    public async Task A_study_whose_header_is_broken_is_listed_as_damaged()
    {
        await LedgerWriter.WriteOpenAsync(_shell, "broken");
        await LedgerWriter.WriteCompletedAsync(_shell, "ended");
        Damage("UPDATE studies SET summary = '{}' WHERE study = 'broken'; INSERT INTO studies VALUES (77, 'stray', 9, 'x', 3)");

        var listed = await _shell.RunAsync("studies", "--output", "json");
        Assert.True(listed.Code == ExitCodes.Fine, listed.ToString());
        Assert.Equal(
            [("ended", "completed"), ("broken", "damaged"), ("stray", "damaged")],
            listed.Json.AsArray().Select(s => (s!["study"]!.GetValue<string>(), s["status"]!.GetValue<string>())));
        Assert.Contains("set aside: study stray: its header is damaged", listed.Error);
        var table = await _shell.RunAsync("studies");
        Assert.Contains("broken  damaged", table.Out);
        Assert.Equal(ExitCodes.Fine, (await _shell.RunAsync("best")).Code);
        foreach (var name in new[] { "broken", "bro" })
        {
            var shown = await _shell.RunAsync("show", name);
            Assert.True(shown.Code == ExitCodes.Failure, shown.ToString());
            Assert.StartsWith("tunegrid: study broken: its header is damaged", shown.Error);
        }
    }

    [Fact]
    public async Task A_silo_s_damaged_row_is_shown_and_stops_nobody()
    {
        await LedgerWriter.WriteOpenAsync(_shell, "open");
        await using (var store = await LedgerWriter.OpenAsync(_shell))
        {
            await store.Studies.AnnounceAsync(Sample.Silo(new("bad")), default);
            await store.Studies.AnnounceAsync(Sample.Silo(new("good")), default);
        }
        Damage("UPDATE silos SET description = '{}' WHERE silo = 'bad'");

        var silos = await _shell.RunAsync("silos");
        Assert.True(silos.Code == ExitCodes.Fine, silos.ToString());
        Assert.Contains("bad   damaged", silos.Out);
        Assert.Contains("good  idle", silos.Out);
        var json = await _shell.RunAsync("silos", "--output", "json");
        Assert.Equal(["damaged", "idle"], json.Json.AsArray().Select(s => s!["status"]!.GetValue<string>()));
        Assert.Equal(ExitCodes.Fine, (await _shell.RunAsync("show", "open")).Code);
    }

    [Fact]
    public async Task A_lost_model_is_shown_as_missing_with_how_to_get_it_back()
    {
        await LedgerWriter.WriteCompletedAsync(_shell, "ended");

        var best = await _shell.RunAsync("best");
        Assert.True(best.Code == ExitCodes.Fine, best.ToString());
        Assert.Contains("1.5000 bits per byte", best.Out);
        Assert.Contains("model is missing: ", best.Out);
        Assert.Contains("put its file back from a backup, or train the configuration again", best.Out);
        var json = await _shell.RunAsync("best", "--output", "json");
        Assert.Null(json.Json[0]!["model"]);
        Assert.Contains("backup", json.Json[0]!["model_problem"]!.GetValue<string>());
        var sample = await _shell.RunAsync("sample", "ended");
        Assert.True(sample.Code == ExitCodes.BadInput, sample.ToString());
        Assert.Contains("the model of ended t0 is missing: ", sample.Error);
    }

    [Fact]
    public async Task A_search_whose_artifacts_are_elsewhere_leaves_no_study_behind()
    {
        await using (var store = await LedgerWriter.OpenAsync(_shell))
            await store.ClaimArtifactsAsync(default);
        var other = Directory.CreateDirectory(Path.Combine(_shell.Home, "other", "objects", "ab")).Parent!.Parent!.FullName;
        var space = _shell.File("tiny.json", """
            { "name": "tiny", "corpus": "storybook",
              "objective": { "metric": "bits_per_byte", "goal": "minimize" }, "budget": { "steps": 2 },
              "scheduler": { "type": "random" }, "sampler": { "type": "random" }, "trials": 1, "seed": 0,
              "parameters": { "width": { "type": "choice", "values": [64] } } }
            """);

        var search = await _shell.RunAsync("search", space, "--artifacts", other);

        Assert.True(search.Code == ExitCodes.Failure, search.ToString());
        Assert.Contains("is not the folder where the store", search.Error);
        Assert.Empty((await _shell.RunAsync("studies", "--output", "json")).Json.AsArray());
    }

    private void Damage(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_shell.Home, "tunegrid.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
