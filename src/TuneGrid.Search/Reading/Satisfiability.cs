using TuneGrid.Search.Reading.Json;
using TuneGrid.Search.Sampling;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Reading;

/// <summary>Draws the first trials, so that a space without configurations is refused before any silo asks for work.</summary>
internal static class Satisfiability
{
    public static void Check(SearchSpace space, IParameterCatalog catalog, Place place, ProblemList problems)
    {
        try
        {
            Samplers.Any(space, catalog);
        }
        catch (UnsatisfiableSpaceException e)
        {
            problems.Add(place, $"unsatisfiable: {e.Message}");
        }
    }
}
