using System.Globalization;

namespace TuneGrid.Silo.Hardware;

/// <summary>How much memory this process may use.</summary>
internal static class Memory
{
    private const string Groups = "/sys/fs/cgroup";

    /// <summary>Physical memory, or the smallest limit of the control groups we are in.</summary>
    public static long LimitBytes()
    {
        var physical = OperatingSystem.IsLinux() ? LinuxTotalBytes(SystemFile.ReadLines("/proc/meminfo")) : null;
        var total = physical ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return OperatingSystem.IsLinux() ? GroupLimits(SystemFile.ReadLines("/proc/self/cgroup")).Append(total).Min() : total;
    }

    /// <summary>
    /// What <c>ulimit -v</c> and <c>ulimit -d</c> leave this process, in bytes: no limit of the machine's, so no part of its class.
    /// </summary>
    public static long LeftBytes() => OperatingSystem.IsLinux()
        ? LeftBytes(SystemFile.ReadLines("/proc/self/limits"), SystemFile.ReadLines("/proc/self/status"))
        : long.MaxValue;

    internal static long LeftBytes(IReadOnlyList<string> limits, IReadOnlyList<string> status)
    {
        return Math.Min(Left("Max address space", "VmSize:"), Left("Max data size", "VmData:"));

        // "Max address space     8388608000     unlimited     bytes", the soft limit first; "VmSize:   1234 kB".
        long Left(string limit, string used) =>
            Number(limits, limit) is { } most ? Math.Max(0, most - ((Number(status, used) ?? 0) * 1024)) : long.MaxValue;

        static long? Number(IEnumerable<string> lines, string name) =>
            lines.FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal)) is { } line
            && line[name.Length..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is [var first, ..]
            && long.TryParse(first, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    internal static long? LinuxTotalBytes(IEnumerable<string> meminfo) =>
        meminfo.Select(l => l.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            .Where(f => f is ["MemTotal:", _, ..] && long.TryParse(f[1], CultureInfo.InvariantCulture, out _))
            .Select(f => (long?)(long.Parse(f[1], CultureInfo.InvariantCulture) * 1024))
            .FirstOrDefault();

    /// <summary>
    /// Every limit on the way up: version 2 (memory.max), and version 1 (memory.limit_in_bytes), whose "no limit" is a huge number.
    /// </summary>
    private static IEnumerable<long> GroupLimits(IEnumerable<string> memberships)
    {
        foreach (var fields in memberships.Select(l => l.Split(':', 3)).Where(f => f.Length == 3))
        {
            var (root, file) = fields[1].Length == 0 ? (Groups, "memory.max")
                : fields[1].Split(',').Contains("memory") ? ($"{Groups}/memory", "memory.limit_in_bytes")
                : ("", "");
            for (var path = fields[2].TrimEnd('/'); root.Length > 0; path = path[..path.LastIndexOf('/')])
            {
                if (long.TryParse(SystemFile.Read($"{root}{path}/{file}"), CultureInfo.InvariantCulture, out var limit) && limit > 0)
                    yield return limit;
                if (path.LastIndexOf('/') < 0)
                    break;
            }
        }
    }
}
