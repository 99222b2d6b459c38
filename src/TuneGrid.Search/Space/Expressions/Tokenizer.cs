using System.Globalization;

namespace TuneGrid.Search.Space.Expressions;

/// <summary>Cuts a constraint into tokens.</summary>
internal static class Tokenizer
{
    // Longest first: "<=" must not be read as "<".
    private static readonly string[] Symbols =
        ["**", "<=", ">=", "==", "!=", "&&", "||", "+", "-", "*", "/", "%", "<", ">", "!", "(", ")", ","];

    /// <exception cref="ExpressionException">A character or number that belongs to no expression.</exception>
    public static List<Token> Tokenize(string text)
    {
        var tokens = new List<Token>();
        var at = 0;
        while (true)
        {
            while (at < text.Length && char.IsWhiteSpace(text[at]))
                at++;
            if (at == text.Length)
            {
                tokens.Add(new(TokenKind.End, "", 0, at));
                return tokens;
            }
            var token = Next(text, at);
            tokens.Add(token);
            at += token.Text.Length + (token.Kind == TokenKind.Text ? 2 : 0);
        }
    }

    private static Token Next(string text, int at)
    {
        var first = text[at];
        if (char.IsAsciiDigit(first) || (first == '.' && at + 1 < text.Length && char.IsAsciiDigit(text[at + 1])))
            return Number(text, at);
        if (char.IsAsciiLetter(first) || first == '_')
        {
            var end = at;
            while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_'))
                end++;
            return new(TokenKind.Name, text[at..end], 0, at);
        }
        if (first is '\'' or '"')
        {
            var end = text.IndexOf(first, at + 1);
            return end > 0
                ? new(TokenKind.Text, text[(at + 1)..end], 0, at)
                : throw new ExpressionException(at, $"this text is never closed: expected another {first}");
        }
        foreach (var symbol in Symbols)
        {
            if (string.CompareOrdinal(text, at, symbol, 0, symbol.Length) == 0)
                return new(TokenKind.Operator, symbol, 0, at);
        }
        throw first == '='
            ? new ExpressionException(at, "'=' does not compare: expected '=='", "==")
            : new ExpressionException(at, $"unexpected character '{first}'");
    }

    private static Token Number(string text, int at)
    {
        var end = at;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '.' or '_' || IsExponentSign(text, end)))
            end++;
        var raw = text[at..end];
        var digits = raw.Replace("_", "", StringComparison.Ordinal);
        return double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? new(TokenKind.Number, raw, value, at)
            : throw new ExpressionException(at, $"'{raw}' is not a number: expected for example 8e6, 0.5 or 8_000_000");
    }

    private static bool IsExponentSign(string text, int at) =>
        text[at] is '+' or '-' && text[at - 1] is 'e' or 'E';
}
