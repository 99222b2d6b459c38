namespace TuneGrid.Search.Reading;

/// <summary>The names that an enumeration's values have in a file.</summary>
internal sealed class NamedValues<T>((string Name, T Value)[] pairs)
    where T : struct, Enum
{
    public IReadOnlyList<string> Names { get; } = [.. pairs.Select(p => p.Name)];

    public T Find(string name) => pairs.First(p => p.Name == name).Value;

    public string NameOf(T value) => pairs.First(p => p.Value.Equals(value)).Name;
}
