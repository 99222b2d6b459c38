using System.Globalization;
using TuneGrid.Search.Scheduling;

namespace TuneGrid.Cli.Input;

/// <summary>A trial as people name it: <c>t6</c> or <c>6</c>.</summary>
internal static class TrialName
{
    public const string Expected = "a trial's number, such as 6 or t6";

    /// <summary>Returns null for what is no trial's name.</summary>
    public static TrialId? Parse(string text) =>
        int.TryParse(text is ['t', ..] ? text[1..] : text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new TrialId(number)
            : null;
}
