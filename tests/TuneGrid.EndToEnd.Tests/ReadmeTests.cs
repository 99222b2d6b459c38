using System.Text.RegularExpressions;
using TuneGrid.Cli;
using TuneGrid.Testing;
using TuneGrid.Testing.Processes;

namespace TuneGrid.EndToEnd.Tests;

/// <summary>What the README promises is run: each command of its table, each command line, its search space.</summary>
public partial class ReadmeTests
{
    private static readonly string Readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));

    public static TheoryData<string> TableCommands => [.. Table];

    /// <summary>Indented command lines. Long ones are cut down by overrides, which are part of the command's own syntax.</summary>
    public static TheoryData<string> CommandLines =>
        [.. CommandLine().Matches(Readme).Select(m => m.Groups[1].Value.Trim()).Where(c => !Has(c, "--store"))];

    [Theory]
    [MemberData(nameof(TableCommands))]
    public async Task A_command_of_the_table_explains_itself(string text)
    {
        using var sandbox = new Sandbox();
        var words = Words(text);
        var command = Leaf(words.TakeWhile(w => char.IsAsciiLetterLower(w[0])).Take(2).ToArray());
        using var help = await TuneGridProcess.RunAsync(sandbox, [.. command, "--help"]);

        Assert.True(help.ExitCode == 0, help.Errors);
        // An unknown command shows the help of the whole program.
        Assert.Contains($"tunegrid {string.Join(' ', command)} ", help.Output, StringComparison.Ordinal);
        var flags = words.Where(w => Has(w, "--")).Select(w => w.Trim('[', ']'));
        Assert.All(flags, flag => Assert.Contains(flag, help.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_table_has_every_command()
    {
        using var sandbox = new Sandbox();
        using var help = await TuneGridProcess.RunAsync(sandbox, "--help");
        var lines = help.Output.Split("Commands:")[1].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var commands = lines.Select(line => Words(line.Trim())[0]).ToList();
        Assert.Contains("search", commands);
        Assert.Empty(commands.Except(Table.Select(row => Words(row)[0])));
    }

    [Theory]
    [MemberData(nameof(CommandLines))]
    public async Task A_command_line_works(string line)
    {
        using var sandbox = new Sandbox();
        await sandbox.AddStoriesAsync();
        var isShipped = (string word) => word.StartsWith("search-spaces/", StringComparison.Ordinal);
        var words = line.Split(' ').Skip(1).Select(w => isShipped(w) ? Path.Combine(Repository.Root, w) : w).ToList();
        if (words[0] == "search")
            words.AddRange(["--set", "budget.seconds=1", "--set", "trials=2", "--set", "corpus=tiny"]);

        using var run = await TuneGridProcess.RunAsync(sandbox, [.. words]);
        Assert.True(run.ExitCode == 0, run.Output + run.Errors);
    }

    [Fact]
    public async Task Its_search_space_is_valid_and_is_the_one_that_ships()
    {
        using var sandbox = new Sandbox();
        var example = sandbox.Write("example.json", JsonBlock().Match(Readme).Groups[1].Value);
        var shipped = Directory.GetFiles(Path.Combine(Repository.Root, "search-spaces"), "*.json");
        foreach (var file in shipped.Where(f => !f.EndsWith("schema.json", StringComparison.Ordinal)).Append(example))
        {
            using var validate = await TuneGridProcess.RunAsync(sandbox, "validate", file);
            Assert.True(validate.ExitCode == 0, file + validate.Output + validate.Errors);
        }
    }

    [Fact]
    public void Links_between_pages_lead_somewhere()
    {
        string[] folders = ["", "docs", "deploy", Path.Combine("tests", "TuneGrid.Benchmarks")];
        var pages = folders.SelectMany(f => Directory.GetFiles(Path.Combine(Repository.Root, f), "*.md")).ToList();
        Assert.Contains(pages, p => p.EndsWith("architecture.md", StringComparison.Ordinal));
        var missing = from page in pages
                      from link in PageLink().Matches(File.ReadAllText(page)).Select(m => m.Groups[1].Value)
                      where !Path.Exists(Path.Combine(Path.GetDirectoryName(page)!, link))
                      select $"{page}: {link}";
        Assert.Empty(missing);
    }

    private static IEnumerable<string> Table =>
        TableRow().Matches(Readme).SelectMany(m => Code().Matches(m.Groups[1].Value)).Select(m => m.Groups[1].Value);

    private static bool Has(string text, string flag) => text.Contains(flag, StringComparison.Ordinal);

    private static string[] Words(string text) => [.. text.Split(' ').SkipWhile(w => w == "tunegrid")];

    /// <summary>`silos drain NAME` is a command of two words, `show STUDY` of one; what follows in lower case may be an example.</summary>
    private static string[] Leaf(string[] words) =>
        words is ["corpus" or "silos" or "store" or "bench" or "cluster" or "torch" or "space", _] ? words : words[..1];

    [GeneratedRegex(@"^\| (`.*?) \| ", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex TableRow();

    [GeneratedRegex("`([^`]+)`", RegexOptions.NonBacktracking)]
    private static partial Regex Code();

    [GeneratedRegex(@"^    (\./tunegrid .*|tunegrid .*)$", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex CommandLine();

    /// <summary>The file of a relative link, without the section in it.</summary>
    [GeneratedRegex(@"\]\(([^)#:]+)(?:#[^)]*)?\)", RegexOptions.NonBacktracking)]
    private static partial Regex PageLink();

    [GeneratedRegex(@"```json\n([^`]*)```", RegexOptions.NonBacktracking)]
    private static partial Regex JsonBlock();
}
