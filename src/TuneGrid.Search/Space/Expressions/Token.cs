namespace TuneGrid.Search.Space.Expressions;

internal enum TokenKind { Number, Name, Text, Operator, End }

/// <param name="Text">The characters; for a text literal, without its quotes.</param>
/// <param name="Position">0-based index of the first character in the constraint.</param>
internal readonly record struct Token(TokenKind Kind, string Text, double Number, int Position)
{
    public bool Is(string symbol) => Kind == TokenKind.Operator && Text == symbol;

    public override string ToString() => Kind == TokenKind.End ? "the end" : $"'{Text}'";
}

/// <summary>A constraint that can't be read; the rest of it is not looked at.</summary>
internal sealed class ExpressionException(int position, string message, string? nearest = null) : Exception(message)
{
    public int Position { get; } = position;

    public string? Nearest { get; } = nearest;
}
