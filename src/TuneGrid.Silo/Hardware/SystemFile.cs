using System.ComponentModel;
using System.Diagnostics;

namespace TuneGrid.Silo.Hardware;

/// <summary>Reading what the system says of itself, where "not there" is an answer and never an error.</summary>
internal static class SystemFile
{
    public static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public static string[] ReadLines(string path) => Read(path)?.Split('\n') ?? [];

    /// <summary>A small system tool's output, or null if it is not there or fails.</summary>
    public static string? Run(string file, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true });
            if (process is null)
                return null;
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? output.Trim() : null;
        }
        catch (Exception e) when (e is Win32Exception or IOException or InvalidOperationException)
        {
            return null;
        }
    }
}
