namespace TuneGrid.Search.Space.Expressions;

/// <param name="Power">How tightly it binds.</param>
internal sealed record InfixOperator(BinaryOperator Operator, int Power);

/// <summary>The operators between two operands.</summary>
internal static class Operators
{
    private static readonly Dictionary<string, InfixOperator> BySymbol = new(StringComparer.Ordinal)
    {
        ["or"] = new(BinaryOperator.Or, 1),
        ["||"] = new(BinaryOperator.Or, 1),
        ["and"] = new(BinaryOperator.And, 2),
        ["&&"] = new(BinaryOperator.And, 2),
        ["<"] = new(BinaryOperator.Less, 4),
        ["<="] = new(BinaryOperator.LessOrEqual, 4),
        [">"] = new(BinaryOperator.Greater, 4),
        [">="] = new(BinaryOperator.GreaterOrEqual, 4),
        ["=="] = new(BinaryOperator.Equal, 4),
        ["!="] = new(BinaryOperator.NotEqual, 4),
        ["+"] = new(BinaryOperator.Add, 5),
        ["-"] = new(BinaryOperator.Subtract, 5),
        ["*"] = new(BinaryOperator.Multiply, 6),
        ["/"] = new(BinaryOperator.Divide, 6),
        ["%"] = new(BinaryOperator.Remainder, 6),
        ["**"] = new(BinaryOperator.Power, 8),
    };

    public static InfixOperator? Find(Token token) =>
        token.Kind is TokenKind.Operator or TokenKind.Name ? BySymbol.GetValueOrDefault(token.Text) : null;
}
