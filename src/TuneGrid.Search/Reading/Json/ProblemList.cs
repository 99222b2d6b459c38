namespace TuneGrid.Search.Reading.Json;

/// <summary>Collects mistakes; a file full of them is cut short.</summary>
/// <param name="file">The file's name: its problems stand first, those of overrides follow.</param>
internal sealed class ProblemList(string file)
{
    private const int MaxProblems = 100;

    private readonly List<SpaceProblem> _problems = [];

    /// <summary>In file order, however they were found.</summary>
    public IReadOnlyList<SpaceProblem> All => [.. _problems.OrderBy(p => p.File == file ? (p.Line, p.Column) : (int.MaxValue, 0))];

    public bool IsEmpty => _problems.Count == 0;

    public void Add(Place place, string message, string? nearest = null)
    {
        if (_problems.Count > MaxProblems)
            return;
        var (line, column) = place.Source.Locate(place.Offset);
        _problems.Add(_problems.Count == MaxProblems
            ? new(place.Source.Name, line, column, place.Pointer, $"more than {MaxProblems} mistakes: the rest is not shown", null)
            : new(place.Source.Name, line, column, place.Pointer, message, nearest));
    }
}
