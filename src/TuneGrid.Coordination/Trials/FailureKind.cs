namespace TuneGrid.Coordination.Trials;

/// <summary>Why a trial ended without a result.</summary>
public enum FailureKind
{
    /// <summary>The loss became NaN or exploded.</summary>
    Diverged,

    /// <summary>The configuration needs more memory than a silo had; releases before 0.3 wrote it for one silo's own limit too.</summary>
    OutOfMemory,

    /// <summary>It took the silos of several hosts down with it.</summary>
    Crashed,

    /// <summary>The trainer refused it or broke.</summary>
    Error,

    /// <summary>A person ended it.</summary>
    Cancelled,

    /// <summary>It needs more memory than its hardware class has, or than any living silo of the class may use.</summary>
    Infeasible,
}
