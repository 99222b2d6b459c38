using System.Globalization;
using System.Text.Json.Nodes;

namespace TuneGrid.Search.Space;

/// <summary>What a parameter's value is made of.</summary>
public enum ValueKind
{
    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A real number.</summary>
    Real,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A text, such as the name of an optimizer.</summary>
    Text,
}

/// <summary>One value of one parameter: an integer, a real number, a boolean or a text.</summary>
public readonly record struct ParameterValue
{
    private readonly double _number;
    private readonly string? _text;

    private ParameterValue(ValueKind kind, double number, string? text) => (Kind, _number, _text) = (kind, number, text);

    /// <summary>What the value is.</summary>
    public ValueKind Kind { get; }

    /// <summary>The value as a number; a boolean is 1 or 0.</summary>
    /// <exception cref="InvalidOperationException">The value is a text.</exception>
    public double Number => Kind != ValueKind.Text ? _number : throw new InvalidOperationException($"'{_text}' is not a number");

    /// <summary>Whether the value is the boolean true; false for every other kind.</summary>
    public bool IsTrue => Kind == ValueKind.Boolean && _number != 0;

    /// <summary>Returns an integer as a value; above 2^53 it is rounded to a double.</summary>
    public static ParameterValue Of(long value) => new(ValueKind.Integer, value, null);

    /// <summary>Returns a real number as a value.</summary>
    public static ParameterValue Of(double value) => new(ValueKind.Real, value, null);

    /// <summary>Returns a boolean as a value.</summary>
    public static ParameterValue Of(bool value) => new(ValueKind.Boolean, value ? 1 : 0, null);

    /// <summary>Returns a text as a value.</summary>
    public static ParameterValue Of(string value) => new(ValueKind.Text, 0, value);

    /// <summary>Returns the value as it stands in JSON and on a command line: invariant, shortest text that reads back the same.</summary>
    public override string ToString() => Kind switch
    {
        ValueKind.Integer => ((long)_number).ToString(CultureInfo.InvariantCulture),
        ValueKind.Real => _number.ToString("R", CultureInfo.InvariantCulture),
        ValueKind.Boolean => _number != 0 ? "true" : "false",
        _ => _text!,
    };

    /// <summary>Returns the value as a JSON number, boolean or string.</summary>
    public JsonValue ToJson() => Kind switch
    {
        ValueKind.Integer => JsonValue.Create((long)_number),
        ValueKind.Real => JsonValue.Create(_number),
        ValueKind.Boolean => JsonValue.Create(_number != 0),
        _ => JsonValue.Create(_text!),
    };
}
