using System.Text;

namespace TuneGrid.Cli.Terminal;

/// <summary>Aligned columns for people and for grep: two spaces between columns, one line per row, no frames, no wrapping.</summary>
internal sealed class TextTable(params string[] headings)
{
    private readonly List<string[]> _rows = [];

    /// <summary>A row stays one line, whatever the cells hold.</summary>
    public void Add(params string[] cells) => _rows.Add([.. cells.Select(Printable.Line)]);

    public void Write(TextWriter writer)
    {
        var all = _rows.Prepend(headings.Select(h => h.ToUpperInvariant()).ToArray()).ToList();
        var widths = headings.Select((_, column) => all.Max(row => row[column].Length)).ToArray();
        // Once for the table, not for each row: a study may have a hundred thousand.
        var isNumeric = headings.Select((_, column) => IsNumeric(column)).ToArray();
        foreach (var row in all)
        {
            var line = new StringBuilder();
            for (var column = 0; column < row.Length; column++)
                line.Append(isNumeric[column] ? row[column].PadLeft(widths[column]) : row[column].PadRight(widths[column])).Append("  ");
            writer.WriteLine(line.ToString().TrimEnd());
        }
    }

    /// <summary>Columns of numbers stand at the right, so that digits of equal weight are above each other.</summary>
    private bool IsNumeric(int column)
    {
        var cells = _rows.Select(r => r[column]).Where(c => c is not ("" or "-")).ToList();
        return cells.Count > 0 && cells.TrueForAll(c => char.IsAsciiDigit(c[0]) && c.All(IsOfNumber));
    }

    /// <summary>Digits, their separators and units.</summary>
    private static bool IsOfNumber(char c) => char.IsAsciiDigit(c) || c is '.' or ',' or '%' or ' ' or 's' or 'k' or 'M';
}
