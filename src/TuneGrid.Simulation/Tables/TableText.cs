using System.Globalization;
using System.Text;

namespace TuneGrid.Simulation.Tables;

/// <summary>
/// Reads tables of learning curves: CSV with a heading, one line per evaluation. Columns: <c>config</c>, one per hyperparameter,
/// <c>repeat</c> (may be left out), <c>epoch</c> with <c>time_s</c>, or <c>step</c>, where a point is a second, and the score
/// <c>val_cross_entropy</c> or <c>valid_loss</c>; <c>val_accuracy</c> is ignored. The lines of a configuration stand together, those
/// of a repeat in the order of its training.
/// </summary>
public static class TableText
{
    private const char Separator = ',';
    private const int LongestLine = 100_000;
    private static readonly string[] Known =
        ["config", "repeat", "epoch", "step", "time_s", "val_accuracy", "val_cross_entropy", "valid_loss"];

    /// <summary>Returns the table.</summary>
    /// <param name="name">What it is called in results and errors.</param>
    /// <param name="text">Its lines.</param>
    /// <param name="averagesRepeats">Whether a configuration's trainings are the mean of its repeats; else trials see them in turn.</param>
    /// <exception cref="TableFormatException">It is no such table.</exception>
    public static CurveTable Read(string name, TextReader text, bool averagesRepeats = false)
    {
        var heading = Next(name, 1, text) ?? throw new TableFormatException($"'{name}' is empty; expected a table of learning curves");
        var columns = Columns.Of(name, heading.TrimStart('\uFEFF').Split(Separator));
        var rows = new List<TableRow>();
        var number = 1;
        while (Next(name, ++number, text) is { } line)
        {
            if (line.Length > 0)
                Add(rows, columns, new Line(name, number, line.Split(Separator)));
        }
        if (rows.Count > 0 && rows.TrueForAll(r => r.Repeats.TrueForAll(c => c[^1].Seconds <= 0)))
            throw new TableFormatException($"in '{name}' no training takes any time; expected seconds in time_s");
        return rows.Count > 0
            ? new(name, columns.ParameterNames, rows, averagesRepeats)
            : throw new TableFormatException($"'{name}' has a heading and nothing below it; expected a table of learning curves");
    }

    /// <summary>Returns the next line, or null: no more of it is kept than a table's may have.</summary>
    private static string? Next(string table, int number, TextReader text)
    {
        var line = new StringBuilder();
        for (var c = text.Read(); c != '\n'; c = text.Read())
        {
            if (c < 0)
                return line.Length > 0 ? line.ToString() : null;
            if (line.Length == LongestLine)
                throw new TableFormatException($"'{table}' line {number} is longer than {LongestLine} characters; expected a table");
            line.Append((char)c);
        }
        return line.ToString().TrimEnd('\r');
    }

    private static void Add(List<TableRow> rows, Columns columns, Line line)
    {
        if (line.Cells.Length != columns.Count)
            throw line.Wrong($"has {line.Cells.Length} fields; the heading has {columns.Count}");
        var config = line.Whole(columns.Config, "config");
        if (config == rows.Count)
            rows.Add(new([.. columns.Parameters.Select(c => line.Number(c.Index, c.Name))], []));
        else if (config != rows.Count - 1)
            throw line.Wrong($"has config {config}; configurations are numbered from 0 and stand together, so expected {rows.Count}");
        var repeats = rows[^1].Repeats;
        var repeat = columns.Repeat is { } at ? line.Whole(at, "repeat") : 0;
        if (repeat == repeats.Count)
            repeats.Add([]);
        else if (repeat != repeats.Count - 1)
            throw line.Wrong($"has repeat {repeat}; repeats are numbered from 0 and stand together, so expected {repeats.Count}");
        repeats[^1].Add(Point(repeats[^1], columns, line));
    }

    private static TablePoint Point(List<TablePoint> curve, Columns columns, Line line)
    {
        var amount = line.Number(columns.Progress, columns.Time is null ? "step" : "epoch") + (columns.Time is null ? 1 : 0);
        var seconds = columns.Time is { } time ? line.Number(time, "time_s") : amount;
        if (amount <= (curve.Count > 0 ? curve[^1].Amount : 0))
            throw line.Wrong($"goes back to {line.Cells[columns.Progress]}; expected the points of a training in order, above 0");
        if (seconds < (curve.Count > 0 ? curve[^1].Seconds : 0))
            throw line.Wrong($"goes back to {line.Cells[columns.Time!.Value]} s; expected seconds since the training began");
        return new(amount, seconds, line.Score(columns.Score));
    }

    private sealed record Line(string Table, int At, string[] Cells)
    {
        public TableFormatException Wrong(string what) => new($"'{Table}' line {At} {what}");

        public int Whole(int column, string name) =>
            int.TryParse(Cells[column], NumberStyles.None, CultureInfo.InvariantCulture, out var value)
                ? value : throw Wrong($"has {name} '{Cells[column]}'; expected a whole number from 0");

        public double Value(int column, string name) =>
            double.TryParse(Cells[column], NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                ? value : throw Wrong($"has {name} '{Cells[column]}'; expected a number");

        public double Number(int column, string name) => Value(column, name) is var value && double.IsFinite(value)
            ? value : throw Wrong($"has {name} '{Cells[column]}'; expected a finite number");

        /// <summary>Whatever is no finite number has diverged.</summary>
        public double Score(int column) => Value(column, "score") is var value && double.IsFinite(value) ? value : double.NaN;
    }

    /// <param name="Progress">Of epoch or step.</param>
    /// <param name="Time">Null where one point is one second.</param>
    private sealed record Columns(
        int Count, int Config, int? Repeat, int Progress, int? Time, int Score, IReadOnlyList<(int Index, string Name)> Parameters)
    {
        public IReadOnlyList<string> ParameterNames => [.. Parameters.Select(p => p.Name)];

        public static Columns Of(string table, string[] names)
        {
            var isTimed = names.Contains("time_s");
            var parameters = names.Select((name, index) => (index, name)).Where(c => !Known.Contains(c.name)).ToList();
            if (parameters.Count == 0)
                throw new TableFormatException($"'{table}' line 1 names no hyperparameter; expected a column for each");
            if (parameters.GroupBy(p => p.name).FirstOrDefault(g => g.Count() > 1 || g.Key.Length == 0) is { } twice)
                throw new TableFormatException($"'{table}' line 1 has the column '{twice.Key}' twice, or one without a name");
            return new(
                names.Length, Required("config"), Optional("repeat"), Required(isTimed ? "epoch" : "step"), Optional("time_s"),
                Required(isTimed ? "val_cross_entropy" : "valid_loss"), parameters);

            int? Optional(string name) => Array.IndexOf(names, name) is var index and >= 0 ? index : null;
            int Required(string name) => Optional(name) ?? throw new TableFormatException(
                $"'{table}' line 1 has no column '{name}'; expected config, hyperparameters, epoch, time_s and val_cross_entropy, "
                + "or config, hyperparameters, step and valid_loss");
        }
    }
}
