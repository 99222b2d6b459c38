namespace TuneGrid.Search.Space;

/// <summary>One mistake in a search space file.</summary>
/// <param name="Line">1-based.</param>
/// <param name="Column">1-based, in UTF-16 code units.</param>
/// <param name="Pointer">RFC 6901 JSON pointer, for example <c>/parameters/width/min</c>.</param>
/// <param name="Message">What is wrong, and what was expected.</param>
/// <param name="Nearest">The nearest valid name, or null.</param>
public sealed record SpaceProblem(string File, int Line, int Column, string Pointer, string Message, string? Nearest);
