using System.Globalization;
using System.Text.Json.Nodes;

namespace TuneGrid.Search.Space;

/// <summary>What a parameter's value is made of.</summary>
public enum ValueKind { Integer, Real, Boolean, Text }

/// <summary>One value of one parameter: an integer, a real number, a boolean or a text.</summary>
public readonly record struct ParameterValue
{
    private readonly double _number;
    private readonly string? _text;

    private ParameterValue(ValueKind kind, double number, string? text) => (Kind, _number, _text) = (kind, number, text);

    public ValueKind Kind { get; }

    /// <summary>The value as a number; a boolean is 1 or 0.</summary>
    /// <exception cref="InvalidOperationException">The value is a text.</exception>
    public double Number => Kind != ValueKind.Text ? _number : throw new InvalidOperationException($"'{_text}' is not a number");

    public bool IsTrue => Kind == ValueKind.Boolean && _number != 0;

    public static ParameterValue Of(long value) => new(ValueKind.Integer, value, null);

    public static ParameterValue Of(double value) => new(ValueKind.Real, value, null);

    public static ParameterValue Of(bool value) => new(ValueKind.Boolean, value ? 1 : 0, null);

    public static ParameterValue Of(string value) => new(ValueKind.Text, 0, value);

    /// <summary>The value as it stands in JSON and on a command line: invariant, shortest text that reads back the same.</summary>
    public override string ToString() => Kind switch
    {
        ValueKind.Integer => ((long)_number).ToString(CultureInfo.InvariantCulture),
        ValueKind.Real => _number.ToString("R", CultureInfo.InvariantCulture),
        ValueKind.Boolean => _number != 0 ? "true" : "false",
        _ => _text!,
    };

    public JsonValue ToJson() => Kind switch
    {
        ValueKind.Integer => JsonValue.Create((long)_number),
        ValueKind.Real => JsonValue.Create(_number),
        ValueKind.Boolean => JsonValue.Create(_number != 0),
        _ => JsonValue.Create(_text!),
    };
}
