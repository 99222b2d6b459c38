using TuneGrid.Search.Numerics;

namespace TuneGrid.Search.Space.Expressions;

/// <summary>
/// Turns a checked expression into calls of calls, once: a search asks every constraint thousands of times. Conditions are 1 and 0.
/// </summary>
internal static class ExpressionCompiler
{
    /// <summary>Returns what computes a number or a condition.</summary>
    public static Func<Candidate, double> Compile(Expression expression)
    {
        switch (expression)
        {
            case Expression.Literal literal:
                var constant = literal.Value.Number;
                return _ => constant;
            case Expression.ParameterName name:
                return candidate => candidate.Value(name).Number;
            case Expression.DerivedName name:
                return candidate => candidate.Derived(name.Name);
            case Expression.Unary unary:
                var operand = Compile(unary.Operand);
                return unary.Operator == UnaryOperator.Negate ? candidate => -operand(candidate) : candidate => Of(operand(candidate) == 0);
            case Expression.Binary { Operator: BinaryOperator.Equal or BinaryOperator.NotEqual, Left.Kind: ValueKind.Text } texts:
                var (first, second, wanted) = (Text(texts.Left), Text(texts.Right), texts.Operator == BinaryOperator.Equal);
                return candidate => Of(first(candidate) == second(candidate) == wanted);
            case Expression.Binary binary:
                return Combine(binary.Operator, Compile(binary.Left), Compile(binary.Right));
            case Expression.Call call:
                var arguments = call.Arguments.Select(Compile).ToArray();
                return candidate => call.Function.Apply(Array.ConvertAll(arguments, a => a(candidate)));
            default:
                throw new InvalidOperationException("an expression with mistakes has no value");
        }
    }

    /// <summary>Returns how many nodes the expression has: what computing it costs at most.</summary>
    public static int Nodes(Expression expression) => 1 + expression switch
    {
        Expression.Unary unary => Nodes(unary.Operand),
        Expression.Binary binary => Nodes(binary.Left) + Nodes(binary.Right),
        Expression.Call call => call.Arguments.Sum(Nodes),
        _ => 0,
    };

    private static Func<Candidate, string> Text(Expression expression) => expression switch
    {
        Expression.Literal literal => _ => literal.Value.ToString(),
        Expression.ParameterName name => candidate => candidate.Value(name).ToString(),
        _ => throw new InvalidOperationException("only a literal or a parameter is a text"),
    };

    private static Func<Candidate, double> Combine(
        BinaryOperator operation, Func<Candidate, double> left, Func<Candidate, double> right) => operation switch
    {
        BinaryOperator.And => c => Of(left(c) != 0 && right(c) != 0),
        BinaryOperator.Or => c => Of(left(c) != 0 || right(c) != 0),
        BinaryOperator.Equal => c => Of(left(c) == right(c)),
        BinaryOperator.NotEqual => c => Of(left(c) != right(c)),
        BinaryOperator.Less => c => Of(left(c) < right(c)),
        BinaryOperator.LessOrEqual => c => Of(left(c) <= right(c)),
        BinaryOperator.Greater => c => Of(left(c) > right(c)),
        BinaryOperator.GreaterOrEqual => c => Of(left(c) >= right(c)),
        BinaryOperator.Add => c => left(c) + right(c),
        BinaryOperator.Subtract => c => left(c) - right(c),
        BinaryOperator.Multiply => c => left(c) * right(c),
        BinaryOperator.Divide => c => left(c) / right(c),
        BinaryOperator.Remainder => c => Remainder(left(c), right(c)),
        BinaryOperator.Power => c => Elementary.Pow(left(c), right(c)),
        _ => throw new ArgumentOutOfRangeException(nameof(operation)),
    };

    /// <summary>As in Python: the sign follows the divisor, so that x % n is always in 0 .. n - 1.</summary>
    private static double Remainder(double left, double right) => left - (right * Math.Floor(left / right));

    private static double Of(bool truth) => truth ? 1 : 0;
}
