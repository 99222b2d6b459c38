using System.Globalization;
using TuneGrid.Cli.Terminal;
using TuneGrid.Search.Reading;
using TuneGrid.Search.Space;
using TuneGrid.Silo.Segments;

namespace TuneGrid.Cli.Input;

/// <summary>Reading a search space file for a person.</summary>
internal static class SpaceFile
{
    private const string Stdin = "-";

    /// <exception cref="UsageException">No such file.</exception>
    public static SpaceReading Read(CliConsole console, string path, IReadOnlyList<string> overrides)
    {
        return SearchSpaceReader.Read(Json(console, path), path == Stdin ? "stdin" : path, TrainingParameterCatalog.Instance, overrides);
    }

    /// <summary>One character more than a search space may have: a device or a pipe may have no end.</summary>
    private static string Json(CliConsole console, string path)
    {
        const int characters = SearchSpaceReader.MostCharacters + 1;
        if (path == Stdin)
            return InputFile.Beginning(console.In, characters);
        using var reader = new StreamReader(InputFile.Required(path));
        return InputFile.Beginning(reader, characters);
    }

    /// <exception cref="ExitException">It has mistakes, which are printed.</exception>
    public static (SearchSpace Space, string Json) ReadValid(CliConsole console, string path, IReadOnlyList<string> overrides)
    {
        var reading = Read(console, path, overrides);
        if (reading.Space is { } space)
            return (space, reading.Json);
        PrintProblems(console, reading);
        throw new ExitException(ExitCodes.BadInput);
    }

    /// <summary>One line each, as compilers do, so that editors find the place.</summary>
    public static void PrintProblems(CliConsole console, SpaceReading reading)
    {
        foreach (var problem in reading.Problems)
        {
            var pointer = problem.Pointer.Length > 0 ? $"{problem.Pointer}: " : "";
            var hint = problem.Nearest is { } near ? $". Did you mean '{near}'?" : "";
            console.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{problem.File}:{problem.Line}:{problem.Column}: {pointer}{problem.Message}{hint}"));
        }
    }

    public static string Summary(SearchSpace space) => string.Create(
        CultureInfo.InvariantCulture,
        $"{space.Trials} trials over {space.Parameters.Length} parameters, {space.Scheduler.Type.ToString().ToLowerInvariant()} "
        + $"up to {Text.Amount(space.Budget.Amount, space.Budget.Kind)}, corpus {space.Corpus}");
}
