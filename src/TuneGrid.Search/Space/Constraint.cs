namespace TuneGrid.Search.Space;

/// <summary>A condition every sampled configuration must meet, such as <c>parameters &lt;= 8e6</c>.</summary>
/// <param name="Text">As written in the file.</param>
public sealed partial record Constraint(string Text);
