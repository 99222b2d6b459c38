namespace TuneGrid.Search.Space.Expressions;

/// <summary>Computes a checked expression for one configuration.</summary>
internal static class Evaluator
{
    public static ParameterValue Evaluate(Expression expression, Configuration configuration, IParameterCatalog catalog)
    {
        return Value(expression);

        ParameterValue Value(Expression node) => node switch
        {
            Expression.Literal literal => literal.Value,
            Expression.ParameterName name => configuration.TryGetValue(name.Name, out var value) ? value : name.Default,
            Expression.DerivedName name => ParameterValue.Of(catalog.Derive(name.Name, configuration)),
            Expression.Unary { Operator: UnaryOperator.Negate } unary => ParameterValue.Of(-Number(unary.Operand)),
            Expression.Unary unary => ParameterValue.Of(!Truth(unary.Operand)),
            Expression.Binary binary => Combine(binary),
            Expression.Call call => ParameterValue.Of(call.Function.Apply([.. call.Arguments.Select(Number)])),
            _ => throw new InvalidOperationException("an expression with mistakes has no value"),
        };

        double Number(Expression node) => Value(node).Number;
        bool Truth(Expression node) => Value(node).IsTrue;

        ParameterValue Combine(Expression.Binary node) => node.Operator switch
        {
            BinaryOperator.And => ParameterValue.Of(Truth(node.Left) && Truth(node.Right)),
            BinaryOperator.Or => ParameterValue.Of(Truth(node.Left) || Truth(node.Right)),
            BinaryOperator.Equal => ParameterValue.Of(AreEqual(Value(node.Left), Value(node.Right))),
            BinaryOperator.NotEqual => ParameterValue.Of(!AreEqual(Value(node.Left), Value(node.Right))),
            BinaryOperator.Less => ParameterValue.Of(Number(node.Left) < Number(node.Right)),
            BinaryOperator.LessOrEqual => ParameterValue.Of(Number(node.Left) <= Number(node.Right)),
            BinaryOperator.Greater => ParameterValue.Of(Number(node.Left) > Number(node.Right)),
            BinaryOperator.GreaterOrEqual => ParameterValue.Of(Number(node.Left) >= Number(node.Right)),
            _ => ParameterValue.Of(Arithmetic(node.Operator, Number(node.Left), Number(node.Right))),
        };
    }

    public static double Arithmetic(BinaryOperator operation, double left, double right) => operation switch
    {
        BinaryOperator.Add => left + right,
        BinaryOperator.Subtract => left - right,
        BinaryOperator.Multiply => left * right,
        BinaryOperator.Divide => left / right,
        // As in Python: the sign follows the divisor, so that x % n is always in 0 .. n - 1.
        BinaryOperator.Remainder => left - (right * Math.Floor(left / right)),
        BinaryOperator.Power => Math.Pow(left, right),
        _ => throw new ArgumentOutOfRangeException(nameof(operation)),
    };

    private static bool AreEqual(ParameterValue left, ParameterValue right) =>
        left.Kind == ValueKind.Text ? left.ToString() == right.ToString() : left.Number == right.Number;
}
