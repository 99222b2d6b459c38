using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace TuneGrid.Coordination.Studies;

/// <summary>
/// A message that is only put together when the check it belongs to fails: a ledger has hundreds of thousands of good events.
/// </summary>
[InterpolatedStringHandler]
internal readonly ref struct DeferredMessage
{
    private readonly StringBuilder? _text;

    public DeferredMessage(int literalLength, int formattedCount, bool holds, out bool isNeeded)
    {
        isNeeded = !holds;
        _text = holds ? null : new(literalLength + (16 * formattedCount));
    }

    public void AppendLiteral(string text) => _text!.Append(text);

    public void AppendFormatted<T>(T value) => _text!.Append(CultureInfo.InvariantCulture, $"{value}");

    public override string ToString() => _text?.ToString() ?? "";
}
