using TuneGrid.Cli.Input;
using TuneGrid.Cli.Terminal;
using TuneGrid.Simulation.Surrogates;

namespace TuneGrid.Cli.Simulations;

/// <summary>Reads a surrogate: a space in JSON, and two forests in CSV, packed or not, named <c>NAME_space.json</c> and so on.</summary>
internal static class SurrogateFolder
{
    private const string SpaceEnding = "_space.json";

    /// <exception cref="UsageException">The folder holds no surrogate.</exception>
    public static SurrogateBenchmark Read(string folder)
    {
        if (!Directory.Exists(folder))
            throw new UsageException($"--surrogate: there is no folder '{folder}'");
        var space = Directory.GetFiles(folder, "*" + SpaceEnding).Order(StringComparer.Ordinal).FirstOrDefault()
            ?? throw new UsageException(
                $"--surrogate: '{folder}' has no file *{SpaceEnding}; expected it, *_value.csv.gz and *_failure.csv.gz");
        var start = space[..^SpaceEnding.Length];
        return TableFile.Known(folder, () =>
        {
            using var json = TableFile.Open(space);
            var read = SurrogateSpace.Read(Path.GetFileName(space), json.ReadToEnd());
            return new SurrogateBenchmark(read, Forest($"{start}_value.csv.gz", read), Forest($"{start}_failure.csv.gz", read));
        });
    }

    private static SurrogateForest Forest(string path, SurrogateSpace space)
    {
        using var text = TableFile.Open(path);
        return SurrogateForest.Read(Path.GetFileName(path), text, space.Features);
    }
}
