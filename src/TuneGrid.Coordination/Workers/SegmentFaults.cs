using System.ComponentModel;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Trials;

namespace TuneGrid.Coordination.Workers;

/// <summary>Whose fault it is that a segment could not be run.</summary>
internal static class SegmentFaults
{
    /// <summary>So many segments a silo may fail to run in a row before it leaves.</summary>
    public const int MostInARow = 5;

    private const int FreeLosses = 1;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>Returns what the report says of a fault that no outcome describes.</summary>
    public static SegmentOutcome.Released Released(Exception fault)
    {
        var cause = IsOfMachine(fault) ? ReleaseCause.Machine : ReleaseCause.Unknown;
        var text = fault.Message.ReplaceLineEndings(" ");
        // A message that only its type makes sense of.
        return new(cause, cause == ReleaseCause.Machine ? text : $"{fault.GetType().Name}: {text}");
    }

    /// <summary>Returns how long a silo waits after so many segments in a row that it could not run.</summary>
    public static TimeSpan PauseAfterReleases(int inARow) => Pause(inARow - 1);

    /// <summary>Returns how long a trial waits for its start after so many losses at this host: one may be chance.</summary>
    public static TimeSpan PauseAfterLosses(int losses) => losses <= FreeLosses ? TimeSpan.Zero : Pause(losses - FreeLosses - 1);

    private static TimeSpan Pause(int doublings)
    {
        // More would overflow, and is cut anyway.
        var pause = FirstPause * Math.Pow(2, Math.Min(doublings, 10));
        return pause < LongestPause ? pause : LongestPause;
    }

    /// <summary>Whatever a machine can cause: no disk, memory, handles, threads, rights or libraries.</summary>
    private static bool IsOfMachine(Exception fault) =>
        fault is IOException or UnauthorizedAccessException or OutOfMemoryException or Win32Exception or ThreadStartException
            or DllNotFoundException or StoreUnusableException or StoreUnavailableException
        || (fault.InnerException is { } inner && IsOfMachine(inner))
        || (fault is AggregateException several && several.InnerExceptions.Any(IsOfMachine));
}
