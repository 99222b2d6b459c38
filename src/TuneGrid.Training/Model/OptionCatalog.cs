using System.Reflection;

namespace TuneGrid.Training.Model;

/// <summary>
/// Every option by its snake_case name: what it is, what it may be, how to set it. It is read from <see cref="TrainingOptions"/> once.
/// </summary>
public static class OptionCatalog
{
    private static readonly Option[] Options = Find();
    private static readonly Dictionary<string, Option> ByName = Options.ToDictionary(o => o.Description.Name, StringComparer.Ordinal);
    private static readonly Dictionary<string, int> Positions =
        Options.Index().ToDictionary(o => o.Item.PropertyName, o => o.Index, StringComparer.Ordinal);

    /// <summary>All options, in the order in which they are shown.</summary>
    public static IReadOnlyList<OptionDescription> All { get; } = [.. Options.Select(o => o.Description)];

    /// <summary>The option's effective value: long, double, bool or string.</summary>
    /// <exception cref="ArgumentException">There is no such option; the message is for users.</exception>
    public static object Read(TrainingOptions options, string name) => Named(name).Get(options);

    /// <summary>The options with one set.</summary>
    /// <param name="value">long, double, bool or string.</param>
    /// <exception cref="ArgumentException">No such option, or a value that it can't take; the message is for users.</exception>
    public static TrainingOptions Apply(TrainingOptions options, string name, object value) => Named(name).With(options, value);

    /// <summary>Null, or why no model can be built, fit for users.</summary>
    public static string? Refuse(TrainingOptions options)
    {
        var heads = options.Heads;
        if (options.Width % heads != 0)
            return FormattableString.Invariant($"width {options.Width} is not divisible by {heads} heads");
        if (options.Position == PositionKind.Rope && options.Width / heads % 2 != 0)
            return FormattableString.Invariant(
                $"rotary positions need an even head width, but width {options.Width} over {heads} heads gives {options.Width / heads}");
        if (options.Warmup + options.Decay > 1 + 1e-9)
            return FormattableString.Invariant($"warmup {options.Warmup} and decay {options.Decay} together exceed the whole budget");
        return null;
    }

    /// <summary>The set that holds one option alone, given its property's name.</summary>
    internal static UInt128 Bit(string propertyName) => UInt128.One << Positions[propertyName];

    /// <summary>Copies the options of a set.</summary>
    internal static void Copy(UInt128 which, TrainingOptions from, TrainingOptions to)
    {
        for (var i = 0; i < Options.Length; i++)
        {
            if ((which & (UInt128.One << i)) != 0)
                Options[i].Copy(from, to);
        }
    }

    private static Option Named(string name) =>
        ByName.TryGetValue(name, out var option)
            ? option
            : throw new ArgumentException($"there is no option {name}; valid: {string.Join(", ", ByName.Keys)}");

    private static Option[] Find()
    {
        var defaults = new TrainingOptions();
        var options =
            from property in typeof(TrainingOptions).GetProperties()
            let text = property.GetCustomAttribute<OptionAttribute>()
            where text is not null
            orderby text.Line
            select new Option(property, text, defaults);
        return [.. options];
    }
}
