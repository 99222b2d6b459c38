using System.Globalization;
using System.Runtime.InteropServices;

namespace TuneGrid.Silo.Hardware;

/// <summary>
/// What this process may use of the machine it runs on: limits of a container or an affinity mask count, not what the case holds.
/// </summary>
/// <param name="Processors">Logical processors.</param>
/// <param name="Cores">Physical cores among them; equal to Processors where the system doesn't tell.</param>
/// <param name="MemoryBytes">Physical memory, or the container's limit if that is less.</param>
public sealed record Machine(string Host, string Platform, string CpuModel, int Processors, int Cores, long MemoryBytes)
{
    private static readonly Lazy<Machine> Found = new(Describe);

    public static Machine Here => Found.Value;

    /// <summary>Peak resident memory of this process so far, in bytes; 0 where the system doesn't tell.</summary>
    public static long PeakMemoryBytes
    {
        get
        {
            using var process = System.Diagnostics.Process.GetCurrentProcess();
            return process.PeakWorkingSet64;
        }
    }

    /// <summary>What this process may still take of the memory, in bytes: the machine's, or what the shell's limits leave of it.</summary>
    public long MemoryLeftBytes => Math.Min(MemoryBytes, Memory.LeftBytes());

    /// <summary>One thread per physical core: hyper-threads would share the units that the kernels keep busy.</summary>
    public int DefaultThreads => Cores;

    private static Machine Describe()
    {
        var processors = Environment.ProcessorCount;
        return new(
            Environment.MachineName,
            string.Create(CultureInfo.InvariantCulture, $"{RuntimeInformation.OSDescription}, .NET {Environment.Version}"),
            Processor.Model(),
            processors,
            Math.Clamp(Processor.PhysicalCores() ?? processors, 1, processors),
            Memory.LimitBytes());
    }
}
