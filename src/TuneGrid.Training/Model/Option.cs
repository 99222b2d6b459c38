using System.Globalization;

namespace TuneGrid.Training.Model;

/// <summary>An option's description with the way to read and set it on <see cref="TrainingOptions"/>. Setting throws <see cref="ArgumentException"/> fit for users.</summary>
internal sealed record Option(OptionDescription Description, Func<TrainingOptions, object> Get, Func<TrainingOptions, object, TrainingOptions> Set)
{
    private static readonly TrainingOptions Defaults = new();

    public static Option Integer(string name, long minimum, long maximum, Func<TrainingOptions, int> get, Func<TrainingOptions, int, TrainingOptions> set, string summary) =>
        new(new OptionDescription(name, OptionKind.Integer, (long)get(Defaults), minimum, maximum, [], summary),
            o => (long)get(o),
            (o, value) => set(o, (int)InRange(name, value is long or double or int && Number(value) % 1 == 0 ? Number(value) : throw Wrong(name, "a whole number", value), minimum, maximum)));

    public static Option Real(string name, double minimum, double maximum, Func<TrainingOptions, double> get, Func<TrainingOptions, double, TrainingOptions> set, string summary) =>
        new(new OptionDescription(name, OptionKind.Real, get(Defaults), minimum, maximum, [], summary),
            o => get(o),
            (o, value) => set(o, InRange(name, value is long or double or int ? Number(value) : throw Wrong(name, "a number", value), minimum, maximum)));

    public static Option Boolean(string name, Func<TrainingOptions, bool> get, Func<TrainingOptions, bool, TrainingOptions> set, string summary) =>
        new(new OptionDescription(name, OptionKind.Boolean, get(Defaults), 0, 0, [], summary),
            o => get(o),
            (o, value) => set(o, value is bool flag ? flag : throw Wrong(name, "true or false", value)));

    /// <param name="names">The text of each value.</param>
    public static Option Choice<T>(string name, IReadOnlyList<(string Name, T Value)> names, Func<TrainingOptions, T> get, Func<TrainingOptions, T, TrainingOptions> set, string summary)
        where T : struct, Enum
    {
        string NameOf(T value) => names.First(n => n.Value.Equals(value)).Name;
        T ValueOf(object value)
        {
            foreach (var (text, candidate) in names)
                if (value is string given && given == text)
                    return candidate;
            throw Wrong(name, "one of " + string.Join(", ", names.Select(n => n.Name)), value);
        }
        return new(new OptionDescription(name, OptionKind.Text, NameOf(get(Defaults)), 0, 0, [.. names.Select(n => n.Name)], summary), o => NameOf(get(o)), (o, value) => set(o, ValueOf(value)));
    }

    private static double Number(object value) => Convert.ToDouble(value, CultureInfo.InvariantCulture);

    private static double InRange(string name, double value, double minimum, double maximum) =>
        value >= minimum && value <= maximum
            ? value
            : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{name} must lie in {minimum}..{maximum}, not {value}"));

    private static ArgumentException Wrong(string name, string expected, object value) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{name} must be {expected}, not {(value is string text ? $"\"{text}\"" : value)}"));
}
