using TuneGrid.Coordination.Studies;
using TuneGrid.Testing.Processes;

namespace TuneGrid.EndToEnd.Tests.Stores;

/// <summary>
/// What a command must say when it can't do its work: one line that says where, what and how to mend it, no stack, and an exit code.
/// </summary>
internal static class ErrorMessage
{
    public static void Check(TuneGridProcess process, int exitCode, params string[] says)
    {
        Assert.True(process.ExitCode == exitCode, $"exit code {process.ExitCode}\n{process.Output}\n{process.Errors}");
        var line = Assert.Single(process.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("tunegrid: ", line, StringComparison.Ordinal);
        Assert.All(says, s => Assert.Contains(s, line, StringComparison.Ordinal));
        Assert.DoesNotContain("unexpected", line, StringComparison.Ordinal);
        Assert.DoesNotContain("owner-secret", process.Output + process.Errors, StringComparison.Ordinal);
    }
}
