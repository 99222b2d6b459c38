using System.Globalization;

namespace TuneGrid.Silo.Hardware;

/// <summary>
/// Joules from the processor's RAPL counters (Linux powercap). The counters wrap, at a range that each one names, so readings are summed as
/// they are taken: read at least every few minutes. Thread-safe.
/// </summary>
public sealed class EnergyMeter
{
    public const string SystemFolder = "/sys/class/powercap";

    private readonly Lock _gate = new();
    private readonly Counter[] _counters;

    private EnergyMeter(Counter[] counters) => _counters = counters;

    /// <summary>
    /// Null where no counter can be read: other systems, virtual machines, and Linux for users who may not (the files are often root's
    /// alone).
    /// </summary>
    public static EnergyMeter? Open(string folder = SystemFolder)
    {
        if (!Directory.Exists(folder))
            return null;
        // Packages only (intel-rapl:0): their sub-zones (intel-rapl:0:0) are parts of the same joules.
        var counters = Directory.EnumerateFileSystemEntries(folder, "intel-rapl:*")
            .Where(p => Path.GetFileName(p).Count(c => c == ':') == 1)
            .Order(StringComparer.Ordinal)
            .Select(p => Counter.TryOpen(p))
            .OfType<Counter>()
            .ToArray();
        return counters.Length > 0 ? new(counters) : null;
    }

    /// <summary>Joules since this meter was opened, over all packages. It counts everything the processor does.</summary>
    public double Joules()
    {
        lock (_gate)
            return _counters.Sum(c => c.AdvanceMicrojoules()) * 1e-6;
    }

    private sealed class Counter(string file, long range, long last)
    {
        private long _last = last;
        private double _total;

        public static Counter? TryOpen(string folder)
        {
            var range = Number(Path.Combine(folder, "max_energy_range_uj"));
            var file = Path.Combine(folder, "energy_uj");
            return range is { } r && Number(file) is { } now ? new(file, r, now) : null;
        }

        public double AdvanceMicrojoules()
        {
            if (Number(file) is not { } now)
                return _total;
            _total += now >= _last ? now - _last : now + range - _last;
            _last = now;
            return _total;
        }

        private static long? Number(string path) =>
            long.TryParse(SystemFile.Read(path), CultureInfo.InvariantCulture, out var value) ? value : null;
    }
}
