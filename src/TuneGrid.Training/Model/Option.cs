using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace TuneGrid.Training.Model;

/// <summary>One property of <see cref="TrainingOptions"/> as an option.</summary>
internal sealed class Option
{
    private readonly PropertyInfo _property;
    private readonly IReadOnlyList<(string Name, object Value)> _choices;

    /// <param name="defaults">What the default is read from.</param>
    public Option(PropertyInfo property, OptionAttribute text, TrainingOptions defaults)
    {
        _property = property;
        _choices = property.PropertyType.IsEnum ? Choices(property.PropertyType) : [];
        Description = new OptionDescription(
            JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name), KindOf(property.PropertyType), Get(defaults), text.Minimum,
            text.Maximum, [.. _choices.Select(choice => choice.Name)], text.Summary);
    }

    public OptionDescription Description { get; }

    public string PropertyName => _property.Name;

    /// <summary>The effective value: long, double, bool or string.</summary>
    public object Get(TrainingOptions options) => _property.GetValue(options)! switch
    {
        int number => (long)number,
        Enum choice => _choices.First(c => c.Value.Equals(choice)).Name,
        var value => value,
    };

    /// <summary>The options with this one set.</summary>
    /// <param name="value">long, double, bool or string.</param>
    /// <exception cref="ArgumentException">It is of another kind or out of range; the message is for users.</exception>
    public TrainingOptions With(TrainingOptions options, object value)
    {
        var changed = options with { };
        _property.SetValue(changed, Checked(value));
        return changed;
    }

    public void Copy(TrainingOptions from, TrainingOptions to) => _property.SetValue(to, _property.GetValue(from));

    private object Checked(object value) => Description.Kind switch
    {
        OptionKind.Integer =>
            (int)InRange(IsNumber(value) && Number(value) % 1 == 0 ? Number(value) : throw Wrong("a whole number", value)),
        OptionKind.Real => InRange(IsNumber(value) ? Number(value) : throw Wrong("a number", value)),
        OptionKind.Boolean => value is bool ? value : throw Wrong("true or false", value),
        _ => _choices.FirstOrDefault(c => c.Name.Equals(value)).Value
            ?? throw Wrong("one of " + string.Join(", ", Description.Choices), value),
    };

    private double InRange(double value) =>
        value >= Description.Minimum && value <= Description.Maximum
            ? value
            : throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture, $"{Description.Name} must lie in {Description.Minimum}..{Description.Maximum}, not {value}"));

    private ArgumentException Wrong(string expected, object value) =>
        new(string.Create(
            CultureInfo.InvariantCulture, $"{Description.Name} must be {expected}, not {(value is string text ? $"\"{text}\"" : value)}"));

    private static bool IsNumber(object value) => value is long or double or int;

    private static double Number(object value) => Convert.ToDouble(value, CultureInfo.InvariantCulture);

    private static OptionKind KindOf(Type type) =>
        type == typeof(int) ? OptionKind.Integer
        : type == typeof(double) ? OptionKind.Real
        : type == typeof(bool) ? OptionKind.Boolean
        : OptionKind.Text;

    /// <summary>An enum's members by their names.</summary>
    private static (string Name, object Value)[] Choices(Type type) =>
    [
        .. type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(member => (NameOf(member), member.GetValue(null)!)),
    ];

    /// <summary>In lower case, or what is written beside it.</summary>
    private static string NameOf(FieldInfo member) =>
        member.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? member.Name.ToLowerInvariant();
}
