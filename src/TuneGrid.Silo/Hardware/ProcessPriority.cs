using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace TuneGrid.Silo.Hardware;

/// <summary>Makes this whole process give way to others.</summary>
public static class ProcessPriority
{
    private const int OfProcess = 0;
    private const string Threads = "/proc/self/task";

    /// <param name="level">0 (normal) to 19 (only when nobody else wants the processor).</param>
    /// <exception cref="Win32Exception">The system refused.</exception>
    public static void Lower(int level)
    {
        if (OperatingSystem.IsLinux())
        {
            // Linux keeps a priority per thread; threads started later inherit their starter's.
            foreach (var thread in Directory.EnumerateDirectories(Threads))
            {
                if (SetPriority(OfProcess, uint.Parse(Path.GetFileName(thread), CultureInfo.InvariantCulture), level) != 0)
                    throw new Win32Exception(Marshal.GetLastPInvokeError());
            }
            return;
        }
        using var process = Process.GetCurrentProcess();
        process.PriorityClass = level switch
        {
            0 => ProcessPriorityClass.Normal,
            <= 10 => ProcessPriorityClass.BelowNormal,
            _ => ProcessPriorityClass.Idle,
        };
    }

    [DllImport("libc", EntryPoint = "setpriority", SetLastError = true)]
    private static extern int SetPriority(int which, uint who, int level);
}
