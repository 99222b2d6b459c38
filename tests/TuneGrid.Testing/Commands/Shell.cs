using System.Text.Json.Nodes;
using TuneGrid.Cli;
using TuneGrid.Cli.Terminal;

namespace TuneGrid.Testing.Commands;

/// <summary>Runs the command line in this process, with a home of its own.</summary>
internal sealed class Shell : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("tunegrid-cli-").FullName;

    public string Home => _home;

    /// <summary>Of the environment that commands see; nothing else of it shows.</summary>
    public Dictionary<string, string> Variables { get; } = [];

    public Interrupts Interrupts { get; } = new();

    /// <summary>Sees each line of stderr as it is written, on the command's own thread.</summary>
    public Action<string>? OnError { get; init; }

    public async Task<Answer> RunAsync(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new ErrorWriter(OnError));
        var console = new CliConsole(TextReader.Null, TextWriter.Synchronized(output), TextWriter.Synchronized(error), false, Interrupts)
        {
            Variable = name => name == "TUNEGRID_HOME" ? _home : Variables.GetValueOrDefault(name),
        };
        var code = await CommandLine.RunAsync(arguments, console);
        return new(code, output.ToString(), error.ToString());
    }

    /// <summary>
    /// Registers a text of a few hundred short stories as "small": it encodes at once, where the storybook takes seconds.
    /// </summary>
    public async Task AddSmallCorpusAsync()
    {
        string[] animals = ["dog", "cat", "bird", "frog", "bear"];
        string[] deeds = ["went home", "found a ball", "was very sad", "met a friend", "ate a red apple"];
        var stories = Enumerable.Range(0, 300).Select(i =>
            $"Once upon a time there was a {animals[i % 5]}. "
            + $"The {animals[i % 5]} {deeds[i / 5 % 5]}. Then it {deeds[i / 25 % 5]}. It was day {i}.");
        var added = await RunAsync("corpus", "add", "small", "--train", File("small.txt", string.Join("\n<|endoftext|>\n", stories)));
        Assert.True(added.Code == ExitCodes.Fine, added.ToString());
    }

    public string File(string name, string text)
    {
        var path = Path.Combine(_home, name);
        System.IO.File.WriteAllText(path, text);
        return path;
    }

    private sealed class ErrorWriter(Action<string>? onLine) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            onLine?.Invoke(value ?? "");
        }
    }

    public void Dispose()
    {
        Interrupts.Dispose();
        Directory.Delete(_home, recursive: true);
    }
}

internal sealed record Answer(int Code, string Out, string Error)
{
    /// <summary>The last line of stdout as JSON.</summary>
    public JsonNode Json => JsonNode.Parse(Out.TrimEnd().Split('\n')[^1])!;

    public override string ToString() => $"exit {Code}\nstdout:\n{Out}\nstderr:\n{Error}";
}
