namespace TuneGrid.Search.Space.Json;

/// <summary>Collects mistakes; a file full of them is cut short.</summary>
internal sealed class ProblemList
{
    private const int Most = 100;

    private readonly List<SpaceProblem> _problems = [];

    public IReadOnlyList<SpaceProblem> All => _problems;

    public bool IsEmpty => _problems.Count == 0;

    public void Add(Place place, string message, string? nearest = null)
    {
        if (_problems.Count > Most)
            return;
        var (line, column) = place.Source.Locate(place.Offset);
        _problems.Add(_problems.Count == Most
            ? new(place.Source.Name, line, column, place.Pointer, $"more than {Most} mistakes: the rest is not shown", null)
            : new(place.Source.Name, line, column, place.Pointer, message, nearest));
    }
}
