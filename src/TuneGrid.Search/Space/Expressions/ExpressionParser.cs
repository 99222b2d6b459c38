using System.Collections.Immutable;

namespace TuneGrid.Search.Space.Expressions;

/// <summary>A mistake inside a constraint.</summary>
/// <param name="Position">0-based index into the constraint's text.</param>
internal sealed record ExpressionProblem(int Position, string Message, string? Nearest);

/// <summary>
/// Reads a constraint by operator precedence (Pratt, "Top down operator precedence", 1973) and checks names and kinds on the way:
/// <c>or, and, not, comparisons, + -, * / %, unary -, **</c> from loose to tight; comparisons chain as in Python, so
/// <c>64 &lt;= width &lt;= 128</c> works.
/// </summary>
internal sealed class ExpressionParser
{
    // Bounds the depth of the tree too, since reading and evaluating recurse.
    private const int MaxTokens = 400;
    private const int NotPower = 3;
    private const int ComparisonPower = 4;
    private const int NegationPower = 7;
    private const int ExponentPower = 8;

    private readonly List<ExpressionProblem> _problems;
    private readonly IParameterCatalog _catalog;
    private readonly List<Token> _tokens;
    private int _next;

    private ExpressionParser(List<Token> tokens, IParameterCatalog catalog, List<ExpressionProblem> problems) =>
        (_tokens, _catalog, _problems) = (tokens, catalog, problems);

    private Token Current => _tokens[_next];

    /// <summary>The constraint, or null with at least one problem added.</summary>
    public static Constraint? Parse(string text, IParameterCatalog catalog, List<ExpressionProblem> problems)
    {
        var before = problems.Count;
        try
        {
            var tokens = Tokenizer.Tokenize(text);
            if (tokens.Count > MaxTokens)
            {
                throw new ExpressionException(
                    tokens[MaxTokens].Position,
                    $"too long: expected at most {MaxTokens} words and signs; split it into several constraints");
            }
            var parser = new ExpressionParser(tokens, catalog, problems);
            var condition = parser.Expect(ValueKind.Boolean, parser.ReadAll(), "a constraint is a condition such as 'parameters <= 8e6'");
            return problems.Count == before ? new Constraint(text, condition) : null;
        }
        catch (ExpressionException e)
        {
            problems.Add(new(e.Position, e.Message, e.Nearest));
            return null;
        }
    }

    private Expression ReadAll()
    {
        var expression = Read(0);
        return Current.Kind == TokenKind.End
            ? expression
            : throw new ExpressionException(Current.Position, $"unexpected {Current}: expected an operator or the end");
    }

    private Expression Read(int minPower)
    {
        var left = ReadPrefix();
        var lastComparison = default(Expression.Binary);
        while (Operators.Find(Current) is { } infix && infix.Power >= minPower)
        {
            var token = _tokens[_next++];
            // ** binds to the right: 2 ** 3 ** 2 is 2 ** 9.
            var right = Read(infix.Power == ExponentPower ? NegationPower : infix.Power + 1);
            if (infix.Power == ComparisonPower && lastComparison is not null)
            {
                lastComparison = Compare(infix.Operator, lastComparison.Right, right, token);
                left = new Expression.Binary(BinaryOperator.And, left, lastComparison, ValueKind.Boolean, left.Position);
            }
            else if (infix.Power == ComparisonPower)
            {
                left = lastComparison = Compare(infix.Operator, left, right, token);
            }
            else
            {
                (left, lastComparison) = (Combine(infix.Operator, left, right, token), null);
            }
        }
        return left;
    }

    private Expression ReadPrefix()
    {
        var token = _tokens[_next++];
        switch (token)
        {
            case { Kind: TokenKind.Number }:
                return new Expression.Literal(ParameterValue.Of(token.Number), token.Position);
            case { Kind: TokenKind.Text }:
                return new Expression.Literal(ParameterValue.Of(token.Text), token.Position);
            case { Kind: TokenKind.Operator, Text: "-" or "+" }:
                var operand = Expect(ValueKind.Real, Read(NegationPower), $"'{token.Text}' takes a number");
                return token.Text == "+" ? operand : new Expression.Unary(UnaryOperator.Negate, operand, ValueKind.Real, token.Position);
            case { Kind: TokenKind.Operator, Text: "!" } or { Kind: TokenKind.Name, Text: "not" }:
                var power = token.Text == "!" ? NegationPower : NotPower;
                var negated = Expect(ValueKind.Boolean, Read(power), $"'{token.Text}' takes a condition");
                return new Expression.Unary(UnaryOperator.Not, negated, ValueKind.Boolean, token.Position);
            case { Kind: TokenKind.Operator, Text: "(" }:
                var inner = Read(0);
                Take(")");
                return inner;
            case { Kind: TokenKind.Name, Text: "true" or "false" }:
                return new Expression.Literal(ParameterValue.Of(token.Text == "true"), token.Position);
            case { Kind: TokenKind.Name } when Operators.Find(token) is null:
                return Current.Is("(") ? ReadCall(token) : ReadName(token);
            default:
                throw new ExpressionException(token.Position, $"unexpected {token}: expected a number, a name or '('");
        }
    }

    private Expression ReadName(Token token)
    {
        // Derived names come first: the parameter 'heads' may say "automatic", the derived value says how many there are.
        if (_catalog.DerivedNames.Contains(token.Text))
            return new Expression.DerivedName(token.Text, token.Position);
        if (_catalog.Parameters.FirstOrDefault(p => p.Name == token.Text) is { } parameter)
        {
            var kind = parameter.Kind == ValueKind.Integer ? ValueKind.Real : parameter.Kind;
            return new Expression.ParameterName(parameter.Name, parameter.Default, kind, token.Position);
        }
        var nearest = NearestName.Find(token.Text, _catalog.Parameters.Select(p => p.Name).Concat(_catalog.DerivedNames));
        var message = $"unknown name '{token.Text}': expected a parameter or one of {string.Join(", ", _catalog.DerivedNames)}";
        _problems.Add(new(token.Position, message, nearest));
        return new Expression.Invalid(token.Position);
    }

    private Expression ReadCall(Token name)
    {
        Take("(");
        var arguments = ImmutableArray.CreateBuilder<Expression>();
        while (!Current.Is(")"))
        {
            arguments.Add(Expect(ValueKind.Real, Read(0), $"{name.Text} takes numbers"));
            if (!Current.Is(")"))
                Take(",");
        }
        Take(")");
        if (Function.All.FirstOrDefault(f => f.Name == name.Text) is not { } function)
        {
            var names = Function.All.Select(f => f.Name).ToArray();
            var message = $"unknown function '{name.Text}': expected one of {string.Join(", ", names)}";
            _problems.Add(new(name.Position, message, NearestName.Find(name.Text, names)));
            return new Expression.Invalid(name.Position);
        }
        if (arguments.Count < function.MinArguments || (function.MaxArguments >= 0 && arguments.Count > function.MaxArguments))
        {
            var takes = function.MaxArguments < 0 ? "one or more numbers" : "one number";
            _problems.Add(new(name.Position, $"{name.Text} takes {takes}, not {arguments.Count}", null));
        }
        return new Expression.Call(function, arguments.ToImmutable(), name.Position);
    }

    private Expression.Binary Compare(BinaryOperator operation, Expression left, Expression right, Token token)
    {
        if (operation is BinaryOperator.Equal or BinaryOperator.NotEqual)
        {
            if (left.Kind is { } l && right.Kind is { } r && l != r)
                _problems.Add(new(token.Position, $"'{token.Text}' compares {Noun(l)} with {Noun(r)}", null));
            CheckChoice(left, right);
            CheckChoice(right, left);
        }
        else
        {
            Expect(ValueKind.Real, left, $"'{token.Text}' compares numbers");
            Expect(ValueKind.Real, right, $"'{token.Text}' compares numbers");
        }
        return new(operation, left, right, ValueKind.Boolean, left.Position);
    }

    private void CheckChoice(Expression parameter, Expression literal)
    {
        if (parameter is not Expression.ParameterName { Kind: ValueKind.Text } name)
            return;
        if (literal is not Expression.Literal { Value: { Kind: ValueKind.Text } value })
            return;
        var choices = _catalog.Parameters.First(p => p.Name == name.Name).Choices;
        if (choices.Count > 0 && !choices.Contains(value.ToString()))
        {
            var message = $"{name.Name} is never '{value}': expected one of {string.Join(", ", choices)}";
            _problems.Add(new(literal.Position, message, NearestName.Find(value.ToString(), choices)));
        }
    }

    private Expression.Binary Combine(BinaryOperator operation, Expression left, Expression right, Token token)
    {
        var kind = operation is BinaryOperator.And or BinaryOperator.Or ? ValueKind.Boolean : ValueKind.Real;
        var takes = $"'{token.Text}' takes {(kind == ValueKind.Real ? "numbers" : "conditions")}";
        return new(operation, Expect(kind, left, takes), Expect(kind, right, takes), kind, left.Position);
    }

    private Expression Expect(ValueKind kind, Expression expression, string rule)
    {
        if (expression.Kind is { } actual && actual != kind)
            _problems.Add(new(expression.Position, $"{rule}, but this is {Noun(actual)}", null));
        return expression;
    }

    private void Take(string symbol)
    {
        if (!Current.Is(symbol))
            throw new ExpressionException(Current.Position, $"unexpected {Current}: expected '{symbol}'");
        _next++;
    }

    private static string Noun(ValueKind kind) => kind switch
    {
        ValueKind.Boolean => "a condition",
        ValueKind.Text => "a text",
        _ => "a number",
    };
}
