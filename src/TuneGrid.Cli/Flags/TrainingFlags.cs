using System.CommandLine;
using System.Globalization;
using TuneGrid.Cli.Input;
using TuneGrid.Cli.Terminal;
using TuneGrid.Training;
using TuneGrid.Training.Model;

namespace TuneGrid.Cli.Flags;

/// <summary>
/// The trainer's options on a command line: the four that everybody tunes as flags of their own, and all of them through <c>--set</c>.
/// </summary>
internal sealed class TrainingFlags
{
    private static readonly (string Suffix, BudgetUnit Unit)[] Units =
    [
        ("seconds", BudgetUnit.Seconds), ("steps", BudgetUnit.Steps), ("tokens", BudgetUnit.Tokens), ("joules", BudgetUnit.Joules),
        ("s", BudgetUnit.Seconds), ("", BudgetUnit.Seconds),
    ];

    private readonly (Option<string?> Flag, string Name)[] _flags =
        [.. new[] { "width", "depth", "learning_rate", "batch_size" }.Select(name => (Flag(name), name))];

    public Option<string[]> Set { get; } =
        SetOption("Any training option, for example context=128; repeat for more. 'tunegrid train --set help' lists them");

    public void AddTo(Command command)
    {
        foreach (var (flag, _) in _flags)
            command.Add(flag);
        command.Add(Set);
    }

    public static Option<string[]> SetOption(string description) => new("--set")
    {
        Description = description, HelpName = "KEY=VALUE", Arity = ArgumentArity.OneOrMore,
    };

    /// <exception cref="UsageException">A name or a value that is none.</exception>
    public TrainingOptions Read(ParseResult parsed)
    {
        var options = new TrainingOptions();
        foreach (var (flag, name) in _flags)
        {
            if (parsed.GetValue(flag) is { } text)
                options = Apply(options, name, text);
        }
        foreach (var assignment in parsed.GetValue(Set) ?? [])
        {
            var (name, value) = Split(assignment);
            options = Apply(options, name, value);
        }
        return OptionCatalog.Refuse(options) is { } reason ? throw new UsageException(reason) : options;
    }

    /// <exception cref="UsageException">Not KEY=VALUE.</exception>
    public static (string Name, string Value) Split(string assignment) => assignment.Split('=', 2) is [{ Length: > 0 } name, var value]
        ? (name.Trim(), value.Trim())
        : throw new UsageException($"--set is '{assignment}'; expected KEY=VALUE, for example context=128");

    /// <summary>300, 300s, 200steps, 1e6tokens, 5000joules.</summary>
    /// <exception cref="UsageException">None of these.</exception>
    public static TrainingBudget Budget(string text)
    {
        var (suffix, unit) = Units.First(u => text.EndsWith(u.Suffix, StringComparison.OrdinalIgnoreCase));
        var number = text[..^suffix.Length].Trim();
        return double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var amount)
            && double.IsFinite(amount) && amount > 0
            ? new(unit, amount)
            : throw new UsageException($"--budget is '{text}'; expected seconds (300), or a number with a unit: 300s, 200steps, 1e6tokens");
    }

    private static TrainingOptions Apply(TrainingOptions options, string name, string text)
    {
        var option = OptionCatalog.All.FirstOrDefault(o => o.Name == name)
            ?? throw new UsageException(
                $"there is no training option '{name}'.{Nearest.Hint(name, OptionCatalog.All.Select(o => o.Name))} "
                + "'tunegrid train --set help' lists them");
        try
        {
            return OptionCatalog.Apply(options, name, Value(option, text));
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message);
        }
    }

    private static object Value(OptionDescription option, string text) => option.Kind switch
    {
        OptionKind.Integer when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        OptionKind.Integer or OptionKind.Real
            when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        OptionKind.Boolean when bool.TryParse(text, out var truth) => truth,
        _ => text,
    };

    private static Option<string?> Flag(string name)
    {
        var option = OptionCatalog.All.First(o => o.Name == name);
        return new("--" + name.Replace('_', '-'))
        {
            Description = string.Create(CultureInfo.InvariantCulture, $"{option.Summary} [default: {option.Default}]"),
            HelpName = option.Kind == OptionKind.Integer ? "N" : "X",
        };
    }
}
