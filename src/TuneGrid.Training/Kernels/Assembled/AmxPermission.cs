using System.Runtime.InteropServices;

namespace TuneGrid.Training.Kernels.Assembled;

/// <summary>Linux gives a process the eight kilobytes of tile state only on request (Documentation/arch/x86/xstate.rst).</summary>
internal static partial class AmxPermission
{
    private const int ArchPrctl = 158, RequestPermission = 0x1023, TileData = 18;

    /// <exception cref="CodeRefusedException">The system does not grant the tiles.</exception>
    public static void Request()
    {
        if (!OperatingSystem.IsLinux())
            throw new CodeRefusedException("AMX is used on Linux only");
        if (SystemCall(ArchPrctl, RequestPermission, TileData) != 0)
            throw new CodeRefusedException(
                $"the operating system refuses the AMX tiles (arch_prctl error {Marshal.GetLastPInvokeError()})");
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint code, nint argument);
}
