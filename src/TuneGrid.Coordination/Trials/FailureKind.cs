namespace TuneGrid.Coordination.Trials;

/// <summary>Why a trial ended without a result.</summary>
public enum FailureKind
{
    /// <summary>The loss became NaN or exploded.</summary>
    Diverged,

    /// <summary>The configuration does not fit in the silo's memory.</summary>
    OutOfMemory,

    /// <summary>It took several silos down with it.</summary>
    Crashed,

    /// <summary>The trainer refused it or broke.</summary>
    Error,

    /// <summary>A person ended it.</summary>
    Cancelled,
}
