using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace TuneGrid.Silo.Hardware;

/// <summary>The CPU's name and its physical cores, as each system tells them.</summary>
internal static class Processor
{
    private const string LinuxInformation = "/proc/cpuinfo";

    public static string Model()
    {
        var name = OperatingSystem.IsLinux() ? LinuxModel(SystemFile.ReadLines(LinuxInformation))
            : OperatingSystem.IsMacOS() ? Sysctl("machdep.cpu.brand_string")
            : OperatingSystem.IsWindows() ? WindowsModel()
            : null;
        return string.IsNullOrWhiteSpace(name) ? RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant() : name.Trim();
    }

    /// <summary>Null where the system doesn't tell.</summary>
    public static int? PhysicalCores()
    {
        if (OperatingSystem.IsMacOS())
        {
            var count = Sysctl("hw.perflevel0.physicalcpu") ?? Sysctl("hw.physicalcpu");
            return int.TryParse(count, CultureInfo.InvariantCulture, out var cores) ? cores : null;
        }
        if (!OperatingSystem.IsLinux())
            return null;
        var allowed = SystemFile.ReadLines("/proc/self/status")
            .FirstOrDefault(l => l.StartsWith("Cpus_allowed_list:", StringComparison.Ordinal));
        return LinuxCores(SystemFile.ReadLines(LinuxInformation), ParseList(allowed?.Split(':')[1] ?? ""));
    }

    /// <summary>"model name" on x86; Arm has only numbers for who made it and which part.</summary>
    internal static string? LinuxModel(IEnumerable<string> cpuinfo)
    {
        var fields = Fields(cpuinfo).ToLookup(f => f.Key, f => f.Value, StringComparer.OrdinalIgnoreCase);
        var models = fields["model name"].Concat(fields["cpu model"]).Concat(fields["Model"]);
        if (models.FirstOrDefault(v => !int.TryParse(v, out _)) is { Length: > 0 } name)
            return name;
        return fields["CPU part"].FirstOrDefault() is { } part ? $"arm {fields["CPU implementer"].FirstOrDefault()} {part}" : null;
    }

    /// <summary>Distinct (package, core) pairs of the processors we may run on; null if the file has no such fields.</summary>
    internal static int? LinuxCores(IEnumerable<string> cpuinfo, IReadOnlySet<int> allowed)
    {
        var cores = new HashSet<(string Package, string Core)>();
        var (processor, package) = (-1, "");
        foreach (var (key, value) in Fields(cpuinfo))
        {
            if (key == "processor")
                processor = int.TryParse(value, CultureInfo.InvariantCulture, out var number) ? number : -1;
            else if (key == "physical id")
                package = value;
            else if (key == "core id" && (allowed.Count == 0 || allowed.Contains(processor)))
                cores.Add((package, value));
        }
        return cores.Count > 0 ? cores.Count : null;
    }

    /// <summary>"0-3,8" as a set.</summary>
    internal static HashSet<int> ParseList(string list)
    {
        var numbers = new HashSet<int>();
        foreach (var range in list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var ends = range.Split('-');
            if (int.TryParse(ends[0], CultureInfo.InvariantCulture, out var first)
                && int.TryParse(ends[^1], CultureInfo.InvariantCulture, out var last))
            {
                numbers.UnionWith(Enumerable.Range(first, Math.Max(0, last - first + 1)));
            }
        }
        return numbers;
    }

    private static IEnumerable<(string Key, string Value)> Fields(IEnumerable<string> lines) =>
        lines.Select(l => l.Split(':', 2)).Where(p => p.Length == 2).Select(p => (p[0].Trim(), p[1].Trim()));

    private static string? WindowsModel()
    {
        var query = SystemFile.Run("reg", "query", @"HKLM\HARDWARE\DESCRIPTION\System\CentralProcessor\0", "/v", "ProcessorNameString");
        return query?.Split("REG_SZ", 2) is [_, var name] ? name : Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER");
    }

    private static string? Sysctl(string name) => SystemFile.Run("sysctl", "-n", name);
}
