using TuneGrid.Search.Space;
using TuneGrid.Search.Tests.Reading;

namespace TuneGrid.Search.Tests.Space;

public class ConstraintTests
{
    private static readonly Configuration Values = Configuration.Empty
        .With("width", ParameterValue.Of(96L)).With("depth", ParameterValue.Of(4L)).With("learning_rate", ParameterValue.Of(0.25))
        .With("activation", ParameterValue.Of("swiglu")).With("tied", ParameterValue.Of(true));

    [Theory]
    [InlineData("width % heads == 0")]
    [InlineData("2 ** 3 ** 2 == 512")]
    [InlineData("-2 ** 2 == -4")]
    [InlineData("2 ** -1 == 0.5")]
    [InlineData("-7 % 3 == 2")]
    [InlineData("1 + 2 * 3 - 4 / 2 == 5")]
    [InlineData("(1 + 2) * 3 == 9")]
    [InlineData("64 <= width <= 128")]
    [InlineData("not 64 < width < 96")]
    [InlineData("tied and depth == 4 or width < 0")]
    [InlineData("!(width < 0) && (tied || depth > 9)")]
    [InlineData("not tied == false")]
    [InlineData("activation == 'swiglu' and activation != \"gelu\"")]
    [InlineData("min(width, depth, 3) + max(1) + abs(-2) == 6")]
    [InlineData("log2(8) + floor(1.9) + ceil(0.1) == 5")]
    [InlineData("parameters <= 8e6 and 8_000_000 == 8e+6")]
    [InlineData("context == 256")]
    [InlineData("learning_rate == .25")]
    public void Holds(string text) => Assert.True(Parse(text).IsMet(Values, FakeCatalog.Instance));

    [Theory]
    [InlineData("width % 5 == 0")]
    [InlineData("0 / 0 == 0 / 0")]
    [InlineData("activation == 'gelu'")]
    [InlineData("1 < 3 < 2")]
    public void Does_not_hold(string text) => Assert.False(Parse(text).IsMet(Values, FakeCatalog.Instance));

    [Theory]
    [InlineData("", 0, "unexpected the end: expected a number, a name or '('")]
    [InlineData("width <", 7, "unexpected the end: expected a number, a name or '('")]
    [InlineData("width", 0, "a constraint is a condition such as 'parameters <= 8e6', but this is a number")]
    [InlineData("width = 3", 6, "'=' does not compare: expected '=='")]
    [InlineData("(width < 3", 10, "unexpected the end: expected ')'")]
    [InlineData("width < 3)", 9, "unexpected ')': expected an operator or the end")]
    [InlineData("depth < 3 and width", 14, "'and' takes conditions, but this is a number")]
    [InlineData("tied + 1 > 0", 0, "'+' takes numbers, but this is a condition")]
    [InlineData("activation == 'swigl'", 14, "activation is never 'swigl': expected one of gelu, relu2, swiglu")]
    [InlineData("activation == 3", 11, "'==' compares a text with a number")]
    [InlineData("sqrt(width) < 3", 0, "unknown function 'sqrt': expected one of min, max, abs, log2, floor, ceil")]
    [InlineData("log2(1, 2) < 3", 0, "log2 takes one number, not 2")]
    [InlineData("width < 1e", 8, "'1e' is not a number: expected for example 8e6, 0.5 or 8_000_000")]
    [InlineData("activation == 'x", 14, "this text is never closed: expected another '")]
    public void Mistakes_have_their_place(string text, int position, string message)
    {
        var quoted = text.Replace("\\", "\\\\", StringComparison.Ordinal);
        const string Before = """{ "constraints": [" """;
        var problem = Assert.Single(SpaceFiles.Read($"{Before.TrimEnd()}{quoted}\"], {SpaceFiles.Small[1..]}").Problems);
        var column = Before.TrimEnd().Length + position + 1;
        Assert.Equal((column, "/constraints/0", message), (problem.Column, problem.Pointer, problem.Message));
    }

    [Fact]
    public void Endless_nesting_is_refused()
    {
        var json = $$"""{ "constraints": ["{{new string('(', 100_000)}}"], {{SpaceFiles.Small[1..]}}""";
        var problem = Assert.Single(SpaceFiles.Read(json).Problems);
        Assert.StartsWith("too long", problem.Message, StringComparison.Ordinal);
    }

    private static Constraint Parse(string text)
    {
        var mistakes = new List<TuneGrid.Search.Space.Expressions.ExpressionProblem>();
        var constraint = TuneGrid.Search.Space.Expressions.ExpressionParser.Parse(text, FakeCatalog.Instance, mistakes);
        Assert.Empty(mistakes);
        return constraint!;
    }
}
