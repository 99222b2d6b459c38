using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using TuneGrid.Cli.Input;
using TuneGrid.Cli.Terminal;
using TuneGrid.Search.Reading;
using TuneGrid.Search.Scheduling;

namespace TuneGrid.Cli.Flags;

/// <summary>Options that several commands share, and parsers whose errors say what was expected.</summary>
internal static class CommonOptions
{
    public static Option<OutputFormat> Output() => Choice<OutputFormat>("--output", "How results are printed [default: table]");

    public static Option<bool> Detach() => new("--detach")
    {
        Description = "Go on in the background, with a log, and return once the study runs; 'tunegrid watch STUDY' shows it",
    };

    public static Option<int?> Threads() => Integer("--threads", "Threads to train with [default: one per physical core]", 1, 1024);

    public static Option<ulong?> Seed(string description) => new("--seed")
    {
        Description = description, HelpName = "N",
        CustomParser = result => ulong.TryParse(Text(result), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value : Wrong<ulong?>(result, "a whole number from 0"),
    };

    public static Option<int?> Integer(string name, string description, int minimum, int maximum) => new(name)
    {
        Description = description, HelpName = "N",
        CustomParser = result => int.TryParse(Text(result), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            && value >= minimum && value <= maximum
            ? value : Wrong<int?>(result, $"a whole number from {minimum} to {maximum}"),
    };

    public static Option<double?> Real(string name, string description, double minimum, double maximum) => new(name)
    {
        Description = description, HelpName = "X",
        CustomParser = result => double.TryParse(Text(result), NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            && value >= minimum && value <= maximum
            ? value : Wrong<double?>(result, string.Create(CultureInfo.InvariantCulture, $"a number from {minimum} to {maximum}")),
    };

    /// <summary>One of an enum's names; without the option, its first.</summary>
    public static Option<T> Choice<T>(string name, string description) where T : struct, Enum
    {
        var names = Enum.GetNames<T>().Select(n => n.ToLowerInvariant()).ToArray();
        return new(name)
        {
            Description = description, HelpName = string.Join('|', names),
            CustomParser = result => names.Contains(Text(result)) && Enum.TryParse<T>(Text(result), ignoreCase: true, out var value)
                ? value : Wrong<T>(result, string.Join(" or ", names)),
        };
    }

    /// <summary>A trial by its number, <c>6</c> or <c>t6</c>; null where it was not given.</summary>
    public static Argument<TrialId?> TrialArgument(string description) => new("trial")
    {
        Description = description, Arity = ArgumentArity.ZeroOrOne,
        CustomParser = result => result.Tokens.Count == 0 ? null : Trial(result),
    };

    /// <summary>A trial by its number, <c>6</c> or <c>t6</c>.</summary>
    public static Argument<TrialId> RequiredTrialArgument(string description) => new("trial")
    {
        Description = description, CustomParser = result => Trial(result) ?? default,
    };

    /// <summary>A length of time, such as <c>90s</c> or <c>1h30m</c>; null where it was not given.</summary>
    public static Option<TimeSpan?> Duration(string name, string description) => new(name)
    {
        Description = description, HelpName = "TIME",
        CustomParser = result => Durations.Parse(Text(result)) ?? Wrong<TimeSpan?>(result, Durations.Expected),
    };

    public static Argument<string> StudyArgument() => new("study") { Description = "A study's id, or the beginning of one" };

    public static Argument<string?> ModelArgument() => new("model")
    {
        Description = "A model file, or a study (its champion) [default: the best there is]", Arity = ArgumentArity.ZeroOrOne,
    };

    private static TrialId? Trial(ArgumentResult result) =>
        TrialName.Parse(Text(result)) ?? Wrong<TrialId?>(result, TrialName.Expected);

    private static string Text(ArgumentResult result) => result.Tokens[^1].Value;

    private static T? Wrong<T>(ArgumentResult result, string expected)
    {
        var name = result.Parent is OptionResult option ? option.Option.Name : result.Argument.Name;
        result.AddError($"{name} is '{Text(result)}'; expected {expected}");
        return default;
    }
}
