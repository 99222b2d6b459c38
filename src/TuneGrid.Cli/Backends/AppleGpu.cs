using System.Runtime.InteropServices;

namespace TuneGrid.Cli.Backends;

/// <summary>What whoever sits at a Mac should know: its GPU trains too, but only when asked.</summary>
internal static class AppleGpu
{
    private const string Note = "this Mac's GPU trains too: --backend torch --device mps (once: tunegrid torch install)";

    /// <summary>Whether this is a Mac with Apple's own processor.</summary>
    public static bool IsHere => OperatingSystem.IsMacOS() && RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    /// <summary>Returns one line, or null where it would tell nothing new.</summary>
    /// <param name="choice">What was asked for.</param>
    /// <param name="isHere"><see cref="IsHere"/>, but for tests.</param>
    public static string? NoteFor(BackendChoice choice, bool isHere) => isHere && choice.Backend == BackendKind.Native ? Note : null;
}
