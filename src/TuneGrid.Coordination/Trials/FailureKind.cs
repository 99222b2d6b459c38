namespace TuneGrid.Coordination.Trials;

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
}
