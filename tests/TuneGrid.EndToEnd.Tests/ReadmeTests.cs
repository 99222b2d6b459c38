using System.Text.RegularExpressions;
using TuneGrid.Cli;
using TuneGrid.Testing;
using TuneGrid.Testing.Processes;

namespace TuneGrid.EndToEnd.Tests;

/// <summary>What the README promises is run: each command of its table, each command line, its search space.</summary>
public partial class ReadmeTests
{
    private static readonly string s_readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));

    public static TheoryData<string> TableCommands => [.. TableRow().Matches(s_readme).SelectMany(m => Code().Matches(m.Groups[1].Value)).Select(m => m.Groups[1].Value)];

    /// <summary>Indented command lines. Long ones are cut down by overrides, which are part of the command's own syntax.</summary>
    public static TheoryData<string> CommandLines => [.. CommandLine().Matches(s_readme).Select(m => m.Groups[1].Value.Trim()).Where(c => !c.Contains("--store", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(TableCommands))]
    public async Task A_command_of_the_table_explains_itself(string text)
    {
        using var sandbox = new Sandbox();
        var words = text.Split(' ').SkipWhile(w => w == "tunegrid").ToArray();
        var command = words.TakeWhile(w => char.IsAsciiLetterLower(w[0])).Take(2).ToArray();
        using var help = await TuneGridProcess.RunAsync(sandbox, [.. Leaf(command), "--help"]);

        Assert.True(help.ExitCode == 0, help.Errors);
        Assert.All(words.Where(w => w.Contains("--", StringComparison.Ordinal)).Select(w => w.Trim('[', ']')), flag => Assert.Contains(flag, help.Output, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(CommandLines))]
    public async Task A_command_line_works(string line)
    {
        using var sandbox = new Sandbox();
        await sandbox.AddStoriesAsync();
        var words = line.Split(' ').Skip(1).Select(w => w.StartsWith("search-spaces/", StringComparison.Ordinal) ? Path.Combine(Repository.Root, w) : w).ToList();
        if (words[0] == "search")
            words.AddRange(["--set", "budget.seconds=1", "--set", "trials=2", "--set", "corpus=tiny"]);

        using var run = await TuneGridProcess.RunAsync(sandbox, [.. words]);
        Assert.True(run.ExitCode == 0, run.Output + run.Errors);
    }

    [Fact]
    public async Task Its_search_space_is_valid_and_is_the_one_that_ships()
    {
        using var sandbox = new Sandbox();
        var example = sandbox.Write("example.json", JsonBlock().Match(s_readme).Groups[1].Value);
        foreach (var file in Directory.GetFiles(Path.Combine(Repository.Root, "search-spaces"), "*.json").Where(f => !f.EndsWith("schema.json", StringComparison.Ordinal)).Append(example))
        {
            using var validate = await TuneGridProcess.RunAsync(sandbox, "validate", file);
            Assert.True(validate.ExitCode == 0, file + validate.Output + validate.Errors);
        }
    }

    /// <summary>`silos drain NAME` is a command of two words, `show STUDY` of one; what follows in lower case may also be an example.</summary>
    private static string[] Leaf(string[] words) => words is ["corpus" or "silos" or "store" or "bench", _] ? words : words[..1];

    [GeneratedRegex(@"^\| (`.*?) \| ", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex TableRow();

    [GeneratedRegex("`([^`]+)`", RegexOptions.NonBacktracking)]
    private static partial Regex Code();

    [GeneratedRegex(@"^    (\./tunegrid .*|tunegrid .*)$", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex CommandLine();

    [GeneratedRegex(@"```json\n([^`]*)```", RegexOptions.NonBacktracking)]
    private static partial Regex JsonBlock();
}
