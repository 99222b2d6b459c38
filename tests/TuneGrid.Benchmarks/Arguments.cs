using System.Globalization;

namespace TuneGrid.Benchmarks;

/// <summary>The few "--name value" pairs of a benchmark, and what stands between them.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string> _named = [];

    public Arguments(string[] args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i].StartsWith("--", StringComparison.Ordinal) && i + 1 < args.Length)
                _named[args[i]] = args[++i];
            else
                Rest.Add(args[i]);
        }
    }

    public List<string> Rest { get; } = [];

    public string Text(string name, string fallback) => _named.GetValueOrDefault(name, fallback);

    public int Number(string name, int fallback) =>
        _named.TryGetValue(name, out var text) ? (int)double.Parse(text, CultureInfo.InvariantCulture) : fallback;
}
