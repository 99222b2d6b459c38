using System.Collections.Immutable;

namespace TuneGrid.Search.Space.Expressions;

internal enum UnaryOperator { Negate, Not }

internal enum BinaryOperator
{
    Add, Subtract, Multiply, Divide, Remainder, Power, Less, LessOrEqual, Greater, GreaterOrEqual, Equal, NotEqual, And, Or,
}

/// <summary>A checked constraint, as a tree.</summary>
/// <param name="Kind">Real, Boolean or Text; null where a mistake below it has been reported already.</param>
/// <param name="Position">Where it starts in the text, 0-based.</param>
internal abstract record Expression(ValueKind? Kind, int Position)
{
    public sealed record Literal(ParameterValue Value, int Position) : Expression(Value.Kind, Position);

    public sealed record ParameterName(string Name, ParameterValue Default, ValueKind? Kind, int Position) : Expression(Kind, Position);

    public sealed record DerivedName(string Name, int Position) : Expression(ValueKind.Real, Position);

    public sealed record Unary(UnaryOperator Operator, Expression Operand, ValueKind? Kind, int Position) : Expression(Kind, Position);

    public sealed record Binary(BinaryOperator Operator, Expression Left, Expression Right, ValueKind? Kind, int Position)
        : Expression(Kind, Position);

    public sealed record Call(Function Function, ImmutableArray<Expression> Arguments, int Position) : Expression(ValueKind.Real, Position);

    /// <summary>What a wrong name leaves behind, so that the rest is still checked.</summary>
    public sealed record Invalid(int Position) : Expression(null, Position);
}
