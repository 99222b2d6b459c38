using System.Globalization;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Sampling;

/// <summary>Amounts of a budget for people: <c>33 s</c>, <c>1000000 tokens</c>.</summary>
internal static class BudgetText
{
    public static string Of(BudgetKind kind, double amount)
    {
        var unit = kind switch
        {
            BudgetKind.Seconds => "s",
            BudgetKind.Joules => "J",
            BudgetKind.Tokens => "tokens",
            _ => "steps",
        };
        return string.Create(CultureInfo.InvariantCulture, $"{Shown(amount)} {unit}");
    }

    private static double Shown(double amount) => amount < 10 ? Math.Round(amount, 2) : Math.Round(amount);
}
