using System.Globalization;
using System.Text;

namespace TuneGrid.Testing.Processes;

/// <summary>An empty home of its own: store, corpora and caches of one test, removed at the end.</summary>
public sealed class Sandbox : IDisposable
{
    public Sandbox()
    {
        Folder = Directory.CreateTempSubdirectory("tunegrid-e2e-").FullName;
        Home = Path.Combine(Folder, "home");
    }

    public string Folder { get; }

    public string Home { get; }

    public string Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>A few hundred small different stories, enough for a tiny tokenizer and a few dozen steps.</summary>
    public string WriteStories(int count = 300)
    {
        string[] names = ["Tom", "Lily", "Max", "Sue", "Ben"];
        string[] things = ["ball", "kite", "cake", "boat", "drum", "hat"];
        string[] places = ["park", "house", "garden", "lake"];
        var text = new StringBuilder();
        for (var i = 0; i < count; i++)
        {
            var (name, thing, place) = (names[i % 5], things[i / 5 % 6], places[i / 30 % 4]);
            text.Append(CultureInfo.InvariantCulture, $"One day {name} took {i + 2} steps to the {place}. {name} had a red {thing}. ");
            text.Append(
                CultureInfo.InvariantCulture,
                $"The {thing} was big. \"Look at my {thing}!\" said {name}. It was a good day at the {place}.\n<|endoftext|>\n");
        }
        return Write("stories.txt", text.ToString());
    }

    /// <summary>Registers those stories as the corpus <c>tiny</c>.</summary>
    public async Task AddStoriesAsync()
    {
        using var added = await TuneGridProcess.RunAsync(this, "corpus", "add", "tiny", "--train", WriteStories());
        Assert.True(added.ExitCode == 0, added.Errors);
    }

    /// <summary>A search over tiny models with a budget in steps, so that it takes seconds and repeats exactly.</summary>
    public string WriteSpace(string corpus, int trials, int steps, int rungs = 3, string scheduler = "asha") => Write("tiny.json", $$"""
        {
          "name": "tiny", "corpus": "{{corpus}}",
          "objective": { "metric": "bits_per_byte", "goal": "minimize" },
          "budget": { "steps": {{steps}} },
          "scheduler": { "type": "{{scheduler}}", "eta": 3, "rungs": {{rungs}} },
          "sampler": { "type": "random" },
          "trials": {{trials}}, "seed": 1,
          "parameters": {
            "width": { "type": "choice", "values": [16, 32] },
            "learning_rate": { "type": "float", "min": 1e-3, "max": 2e-2, "scale": "log" }
          },
          "fixed": { "depth": 1, "context": 32, "vocabulary": 300, "batch_size": 2 }
        }
        """);

    public void Dispose()
    {
        try
        {
            Directory.Delete(Folder, recursive: true);
        }
        catch (IOException)
        {
            // A process that was just killed may still hold a file; the temporary folder is cleaned by the system.
        }
    }
}
