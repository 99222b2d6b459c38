namespace TuneGrid.Search.Space.Expressions;

/// <summary>
/// A configuration while it is checked: each derived value is computed once, whatever number of constraints asks for it. Not thread-safe.
/// </summary>
internal sealed class Candidate(Configuration configuration, IParameterCatalog catalog)
{
    /// <summary>What asking the catalog costs, in evaluated nodes of an expression: it builds a model's layout.</summary>
    private const int CatalogCost = 1000;

    private readonly Dictionary<string, double> _derived = [];

    public Configuration Configuration => configuration;

    /// <summary>What was spent on it, in evaluated nodes: the same on every machine, unlike time.</summary>
    public long Cost { get; private set; }

    public ParameterValue Value(Expression.ParameterName name) =>
        configuration.TryGetValue(name.Name, out var value) ? value : name.Default;

    public double Derived(string name)
    {
        if (!_derived.TryGetValue(name, out var value))
        {
            Cost += CatalogCost;
            _derived[name] = value = catalog.Derive(name, configuration);
        }
        return value;
    }

    public bool Meets(Constraint constraint)
    {
        Cost += constraint.Nodes;
        return constraint.IsMet(this);
    }

    /// <summary>Returns null if the trainer can build it, else why not.</summary>
    public string? Refusal()
    {
        Cost += CatalogCost;
        return catalog.Refuse(configuration);
    }
}
