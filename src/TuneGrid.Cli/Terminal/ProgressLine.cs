using System.Diagnostics;
using System.Globalization;
using TuneGrid.Training;

namespace TuneGrid.Cli.Terminal;

/// <summary>How far a training is: one line redrawn in place on a terminal, a line every ten seconds elsewhere. On stderr.</summary>
internal sealed class ProgressLine(CliConsole console, TrainingBudget budget)
{
    private static readonly TimeSpan RedrawEvery = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LogEvery = TimeSpan.FromSeconds(10);
    private long _last = Stopwatch.GetTimestamp();

    public void Show(TrainingProgress now)
    {
        if (Stopwatch.GetElapsedTime(_last) < (console.IsErrorTerminal ? RedrawEvery : LogEvery))
            return;
        _last = Stopwatch.GetTimestamp();
        Write(now);
    }

    public void End(TrainingProgress now)
    {
        Write(now);
        if (console.IsErrorTerminal)
            console.Error.WriteLine();
    }

    internal static string Line(TrainingProgress now, TrainingBudget budget) => string.Create(CultureInfo.InvariantCulture,
        $"{Amount(now.Amount, budget.Unit)} of {Amount(budget.Amount, budget.Unit)}  step {now.Steps}"
        + $"  {Text.Count(now.TokensPerSecond)} tokens/s  loss {now.Loss:0.000}");

    private static string Amount(double amount, BudgetUnit unit) =>
        unit == BudgetUnit.Seconds ? Text.Duration(amount) : $"{Text.Count(amount)} {unit.ToString().ToLowerInvariant()}";

    private void Write(TrainingProgress now)
    {
        if (console.IsErrorTerminal)
            console.Redraw(Line(now, budget));
        else
            console.Error.WriteLine(Line(now, budget));
    }
}
