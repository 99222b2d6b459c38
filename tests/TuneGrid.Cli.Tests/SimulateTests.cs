using System.Globalization;
using System.IO.Compression;
using TuneGrid.Cli.Terminal;
using TuneGrid.Testing.Commands;

namespace TuneGrid.Cli.Tests;

public sealed class SimulateTests : IDisposable
{
    private readonly Shell _shell = new();

    [Fact]
    public async Task A_table_is_searched_once_for_each_seed_and_each_has_a_line()
    {
        var packed = Pack("packed.csv.gz", Table());
        var plain = _shell.File("plain.csv", Table());

        var answer = await _shell.RunAsync(
            "simulate", packed, plain, "--workers", "2", "--sampler", "sobol", "--scheduler", "hyperband", "--seeds", "3",
            "--first-seed", "5", "--trainings", "6", "--slow", "0.5", "--churn", "9", "--output", "json");

        Assert.True(answer.Code == ExitCodes.Fine, answer.ToString());
        var lines = answer.Out.TrimEnd().Split('\n');
        Assert.Equal(6, lines.Length);
        Assert.Equal(
            lines[0], lines[3].Replace("plain.csv", "packed.csv.gz", StringComparison.Ordinal));
        Assert.StartsWith(
            """{"table":"packed.csv.gz","seed":5,"sampler":"sobol","scheduler":"hyperband","workers":2,"trials":""", lines[0],
            StringComparison.Ordinal);
        Assert.Equal(["regret_any", "regret_full"], answer.Json["fifth"]!.AsObject().Select(p => p.Key));
        Assert.NotNull(answer.Json["half"]);
        Assert.NotNull(answer.Json["whole"]!["regret_any"]);
    }

    [Fact]
    public async Task People_see_medians_for_each_table_and_their_mean()
    {
        var (one, two) = (_shell.File("one.csv", Table()), _shell.File("two.csv", Table()));

        var answer = await _shell.RunAsync("simulate", one, two, "--seeds", "2", "--trainings", "6", "--repeat", "false", "--interpolate");

        Assert.True(answer.Code == ExitCodes.Fine, answer.ToString());
        Assert.Equal(["TABLE", "one.csv", "two.csv", "mean"], answer.Out.TrimEnd().Split('\n').Select(l => l.Split(' ')[0]));
    }

    [Fact]
    public async Task A_search_that_ends_by_itself_says_what_its_champion_is_worth()
    {
        var table = _shell.File("one.csv", Table());

        var answer = await _shell.RunAsync(
            "simulate", table, "--seeds", "1", "--trials", "9", "--trainings", "100", "--finalists", "2x1", "--output", "json");

        Assert.True(answer.Code == ExitCodes.Fine, answer.ToString());
        Assert.Equal(["regret", "is_best"], answer.Json["champion"]!.AsObject().Select(p => p.Key));
    }

    [Fact]
    public async Task A_space_is_searched_on_curves_that_are_made_up()
    {
        var space = Path.Combine(Testing.Repository.Root, "search-spaces", "gpt.json");

        var answer = await _shell.RunAsync("simulate", space, "--seeds", "1", "--trainings", "3", "--output", "json");

        Assert.True(answer.Code == ExitCodes.Fine, answer.ToString());
        Assert.Equal("gpt.json", (string?)answer.Json["table"]);
    }

    [Fact]
    public async Task What_is_wrong_is_said_before_anything_is_searched()
    {
        var good = _shell.File("good.csv", Table());
        var cut = Pack("cut.csv.gz", Table());
        await File.WriteAllBytesAsync(cut, (await File.ReadAllBytesAsync(cut))[..60]);

        await IsRefusedAsync("needs a table of learning curves");
        await IsRefusedAsync("there is no file 'nowhere.csv'", good, "nowhere.csv");
        await IsRefusedAsync("is a folder", good, _shell.Home);
        await IsRefusedAsync("'empty.csv' is empty", good, _shell.File("empty.csv", ""));
        await IsRefusedAsync("'other.csv' line 1 has no column 'config'", _shell.File("other.csv", "a,b\n1,2\n"));
        await IsRefusedAsync("cut.csv.gz", cut);
        await IsRefusedAsync("--sampler is 'rondom'; expected one of random, sobol", good, "--sampler", "rondom");
        await IsRefusedAsync("Did you mean 'asha'?", good, "--scheduler", "ahsa");
        await IsRefusedAsync("--finalists is '2'; expected two numbers", good, "--finalists", "2");
        await IsRefusedAsync("--workers is '0'", good, "--workers", "0");
        await IsRefusedAsync("there is no folder 'nowhere'", "--surrogate", "nowhere");
        await IsRefusedAsync("leave out the tables", good, "--surrogate", _shell.Home);
        await IsRefusedAsync("has no file *_space.json", "--surrogate", _shell.Home);
    }

    public void Dispose() => _shell.Dispose();

    private async Task IsRefusedAsync(string expected, params string[] arguments)
    {
        var answer = await _shell.RunAsync(["simulate", .. arguments]);

        Assert.True(answer.Code == ExitCodes.BadInput, answer.ToString());
        Assert.Equal("", answer.Out);
        Assert.Contains(expected, Assert.Single(answer.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    private static string Table()
    {
        var rows = from config in Enumerable.Range(0, 20)
                   from epoch in Enumerable.Range(1, 9)
                   let score = (config % 6) + (2.0 / epoch)
                   select string.Create(
                       CultureInfo.InvariantCulture, $"{config},{(config * 7) % 20},{config / 4},{epoch},{epoch * 2},{score}");
        return "config,width,depth,epoch,time_s,val_cross_entropy\n" + string.Join('\n', rows) + "\n";
    }

    private string Pack(string name, string text)
    {
        var path = Path.Combine(_shell.Home, name);
        using var writer = new StreamWriter(new GZipStream(File.Create(path), CompressionMode.Compress));
        writer.Write(text);
        return path;
    }
}
