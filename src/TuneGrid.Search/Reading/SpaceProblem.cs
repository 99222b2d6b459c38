using System.Globalization;

namespace TuneGrid.Search.Reading;

/// <summary>One mistake in a search space file, or in an override of it.</summary>
/// <param name="File">The file as the user named it; for an override, <c>--set</c> and its text.</param>
/// <param name="Line">1-based.</param>
/// <param name="Column">1-based, in UTF-16 code units.</param>
/// <param name="Pointer">RFC 6901 JSON pointer, for example <c>/parameters/width/min</c>.</param>
/// <param name="Message">What is wrong, and what was expected.</param>
/// <param name="Nearest">The nearest valid name, or null.</param>
public sealed record SpaceProblem(string File, int Line, int Column, string Pointer, string Message, string? Nearest)
{
    /// <summary>Returns one line, as compilers print it, so that editors find the place.</summary>
    public override string ToString()
    {
        var pointer = Pointer.Length > 0 ? $"{Pointer}: " : "";
        var hint = Nearest is null ? "" : $" (did you mean '{Nearest}'?)";
        return string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}:{Column}: {pointer}{Message}{hint}");
    }
}
