using TuneGrid.Search.Space.Expressions;

namespace TuneGrid.Search.Space;

/// <summary>A condition every sampled configuration must meet, such as <c>parameters &lt;= 8e6</c>.</summary>
public sealed record Constraint
{
    private readonly Func<Candidate, double> _condition;

    internal Constraint(string text, Expression condition) =>
        (Text, Nodes, _condition) = (text, ExpressionCompiler.Nodes(condition), ExpressionCompiler.Compile(condition));

    /// <summary>As written in the file.</summary>
    public string Text { get; }

    /// <summary>How many operands and operators it has.</summary>
    internal int Nodes { get; }

    /// <summary>
    /// Returns whether the configuration meets it. Parameters it lacks stand at their catalog defaults; a NaN on either side of a
    /// comparison refuses.
    /// </summary>
    public bool IsMet(Configuration configuration, IParameterCatalog catalog) => IsMet(new Candidate(configuration, catalog));

    /// <summary>Returns whether both have the same text.</summary>
    public bool Equals(Constraint? other) => other is not null && other.Text == Text;

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    /// <summary>Returns <see cref="Text"/>.</summary>
    public override string ToString() => Text;

    internal bool IsMet(Candidate candidate) => _condition(candidate) != 0;
}
