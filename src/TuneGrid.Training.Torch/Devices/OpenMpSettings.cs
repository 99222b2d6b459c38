using System.Runtime.InteropServices;

namespace TuneGrid.Training.Torch.Devices;

/// <summary>
/// Keeps OpenMP's idle threads from spinning: between libtorch's short parallel loops they would take the cores from whoever works. The
/// libraries read the environment when they are loaded, and .NET's own view of it is a copy, so the C library is asked. What the user has
/// set stands.
/// </summary>
internal static partial class OpenMpSettings
{
    public static void Apply()
    {
        (string, string)[] settings = [("OMP_WAIT_POLICY", "PASSIVE"), ("GOMP_SPINCOUNT", "0"), ("KMP_BLOCKTIME", "0")];
        foreach (var (name, value) in settings)
        {
            if (OperatingSystem.IsWindows())
                Environment.SetEnvironmentVariable(name, Environment.GetEnvironmentVariable(name) ?? value);
            else
                _ = SetVariable(name, value, overwrite: 0);
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
