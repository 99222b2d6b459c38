using System.Globalization;

namespace TuneGrid.Search.Space;

/// <summary>Which values a searched parameter may have, for those that people or trainers name.</summary>
internal static class AllowedValues
{
    /// <summary>Returns whether a draw could be this value.</summary>
    public static bool Has(Parameter parameter, ParameterValue value) => parameter switch
    {
        IntParameter p => value.Number >= p.Minimum && value.Number <= p.Maximum && ((long)value.Number - p.Minimum) % p.Step == 0,
        FloatParameter p => value.Number >= p.Minimum && value.Number <= p.Maximum && (p.Step is not { } step || IsOnStep(p, step, value)),
        ChoiceParameter p => p.Values.Contains(value),
        _ => value.Kind == ValueKind.Boolean,
    };

    /// <summary>Returns the allowed value nearest to one that is not; null where none is near, as among texts.</summary>
    public static ParameterValue? Nearest(Parameter parameter, ParameterValue value) => parameter switch
    {
        IntParameter p => ParameterValue.Of(
            p.Minimum + (p.Step * (long)Math.Round((Math.Clamp(value.Number, p.Minimum, p.Maximum) - p.Minimum) / p.Step))),
        FloatParameter { Step: { } step } p => ParameterValue.Of(
            OnStep(p, step, Math.Round((Math.Clamp(value.Number, p.Minimum, p.Maximum) - p.Minimum) / step))),
        FloatParameter p => ParameterValue.Of(Math.Clamp(value.Number, p.Minimum, p.Maximum)),
        ChoiceParameter p when p.Values.All(v => v.Kind is ValueKind.Integer or ValueKind.Real) =>
            p.Values.MinBy(v => Math.Abs(v.Number - value.Number)),
        _ => null,
    };

    /// <summary>Returns for example <c>from 64 to 384 in steps of 32</c>.</summary>
    public static string Text(Parameter parameter) => parameter switch
    {
        IntParameter { Step: 1 } p => string.Create(CultureInfo.InvariantCulture, $"from {p.Minimum} to {p.Maximum}"),
        IntParameter p => string.Create(CultureInfo.InvariantCulture, $"from {p.Minimum} to {p.Maximum} in steps of {p.Step}"),
        FloatParameter { Step: { } step } p =>
            string.Create(CultureInfo.InvariantCulture, $"from {p.Minimum} to {p.Maximum} in steps of {step}"),
        FloatParameter p => string.Create(CultureInfo.InvariantCulture, $"from {p.Minimum} to {p.Maximum}"),
        ChoiceParameter p => $"one of {string.Join(", ", p.Values)}",
        _ => "true or false",
    };

    private static bool IsOnStep(FloatParameter parameter, double step, ParameterValue value) =>
        OnStep(parameter, step, Math.Round((value.Number - parameter.Minimum) / step)).Equals(value.Number);

    /// <summary>Draws are computed as min + i * step, so a value must be exactly that number.</summary>
    private static double OnStep(FloatParameter parameter, double step, double steps) =>
        Math.Min(parameter.Maximum, parameter.Minimum + (steps * step));
}
