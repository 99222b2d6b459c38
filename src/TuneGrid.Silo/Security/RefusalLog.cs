using System.Globalization;

namespace TuneGrid.Silo.Security;

/// <summary>
/// Lines about connections that were refused, for a log that a port scanner must not be able to flood: the same line once a minute, and
/// ten different ones at most. Thread-safe.
/// </summary>
/// <param name="report">
/// Hears of them, one line each; null for nobody. Called on the threads of connections: it must be quick and must not throw.
/// </param>
internal sealed class RefusalLog(Action<string>? report, TimeProvider time)
{
    public const int MostAMinute = 10;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private readonly Lock _lock = new();
    private readonly HashSet<string> _said = new(StringComparer.Ordinal);
    private DateTimeOffset _since = time.GetUtcNow();
    private int _unsaid;

    /// <param name="key">What makes two lines the same; null for the line itself.</param>
    public void Add(string line, string? key = null)
    {
        key ??= line;
        lock (_lock)
        {
            var (now, before) = (time.GetUtcNow(), 0);
            if (now - _since >= Minute)
            {
                (before, _unsaid, _since) = (_unsaid, 0, now);
                _said.Clear();
            }
            if (_said.Contains(key))
                return;
            if (_said.Count == MostAMinute)
            {
                _unsaid++;
                return;
            }
            _said.Add(key);
            if (before > 0)
                line += string.Create(CultureInfo.InvariantCulture, $" (and {before} more in the minute before)");
        }
        report?.Invoke(line);
    }
}
