using System.Globalization;
using TuneGrid.Search.Reading.Json;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Reading;

/// <summary>Typed reads of nodes. Each reports what it expected and returns null when it is not there.</summary>
internal sealed class NodeReader(ProblemList problems)
{
    /// <summary>The largest whole number a double holds exactly, with all below it.</summary>
    public const double LargestWhole = 9007199254740992;

    public ProblemList Problems => problems;

    /// <summary>Checks that the node is an object.</summary>
    public bool IsObject(LocatedNode node)
    {
        if (node.Kind == NodeKind.Object)
            return true;
        problems.Add(node.Place, $"expected an object, not {node}");
        return false;
    }

    /// <summary>Checks that the node is an object with only these keys.</summary>
    public bool IsObject(LocatedNode node, params IReadOnlyList<string> keys)
    {
        if (!IsObject(node))
            return false;
        foreach (var member in node.Members.Where(m => !keys.Contains(m.Name)))
        {
            var message = $"unknown key '{Quoted.Shorten(member.Name)}': expected one of {string.Join(", ", keys)}";
            problems.Add(member.Place, message, NearestName.Find(member.Name, keys));
        }
        return true;
    }

    public LocatedNode? Require(LocatedNode node, string key, string example)
    {
        if (node.Find(key) is { } value)
            return value;
        problems.Add(node.Place, $"'{key}' is missing: expected for example {example}");
        return null;
    }

    public string? Text(LocatedNode node, string expected)
    {
        if (node.Kind == NodeKind.Text)
            return node.Raw;
        problems.Add(node.Place, $"expected {expected}, not {node}");
        return null;
    }

    /// <summary>One of a few names.</summary>
    public string? Name(LocatedNode node, params IReadOnlyList<string> names)
    {
        if (node.Kind == NodeKind.Text && names.Contains(node.Raw))
            return node.Raw;
        var nearest = node.Kind == NodeKind.Text ? NearestName.Find(node.Raw, names) : null;
        problems.Add(node.Place, $"expected {Listed(names)}, not {node}", nearest);
        return null;
    }

    public double? Number(LocatedNode node, double minimum, double maximum) => InRange(node, minimum, maximum, "a number", NumberOf(node));

    public long? Whole(LocatedNode node, double minimum, double maximum)
    {
        var number = NumberOf(node);
        if (number is { } n && (n != Math.Floor(n) || Math.Abs(n) > LargestWhole))
            number = null;
        return (long?)InRange(node, Math.Max(minimum, -LargestWhole), Math.Min(maximum, LargestWhole), "a whole number", number);
    }

    public ulong? Seed(LocatedNode node)
    {
        if (node.Kind == NodeKind.Number && ulong.TryParse(node.Raw, NumberStyles.None, CultureInfo.InvariantCulture, out var seed))
            return seed;
        problems.Add(node.Place, $"expected a whole number from 0 to {ulong.MaxValue}, not {node}");
        return null;
    }

    public bool Flag(LocatedNode node)
    {
        if (node.Kind != NodeKind.Boolean)
            problems.Add(node.Place, $"expected true or false, not {node}");
        return node.Raw == "true";
    }

    /// <summary>A value the parameter may have, in the parameter's own kind.</summary>
    public ParameterValue? Value(LocatedNode node, ParameterDescription parameter)
    {
        switch (parameter.Kind)
        {
            case ValueKind.Integer:
                return Whole(node, parameter.Minimum, parameter.Maximum) is { } whole ? ParameterValue.Of(whole) : null;
            case ValueKind.Real:
                return Number(node, parameter.Minimum, parameter.Maximum) is { } number ? ParameterValue.Of(number) : null;
            case ValueKind.Boolean:
                if (node.Kind == NodeKind.Boolean)
                    return ParameterValue.Of(node.Raw == "true");
                problems.Add(node.Place, $"expected true or false, not {node}");
                return null;
            default:
                var text = parameter.Choices.Count > 0 ? Name(node, parameter.Choices) : Text(node, "a text");
                return text is null ? null : ParameterValue.Of(text);
        }
    }

    public static string Listed(IReadOnlyList<string> names) => names.Count == 1 ? $"\"{names[0]}\"" : $"one of {string.Join(", ", names)}";

    private static double? NumberOf(LocatedNode node) =>
        node.Kind == NodeKind.Number
            && double.TryParse(node.Raw, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number) ? number : null;

    private double? InRange(LocatedNode node, double minimum, double maximum, string noun, double? number)
    {
        if (number is { } n && n >= minimum && n <= maximum)
            return n;
        var range = (double.IsFinite(minimum), double.IsFinite(maximum)) switch
        {
            (true, true) => string.Create(CultureInfo.InvariantCulture, $" from {minimum} to {maximum}"),
            (true, false) => string.Create(CultureInfo.InvariantCulture, $" of at least {minimum}"),
            (false, true) => string.Create(CultureInfo.InvariantCulture, $" of at most {maximum}"),
            _ => "",
        };
        problems.Add(node.Place, $"expected {noun}{range}, not {node}");
        return null;
    }
}
