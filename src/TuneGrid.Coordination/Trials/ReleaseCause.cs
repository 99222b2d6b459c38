namespace TuneGrid.Coordination.Trials;

/// <summary>Why a silo gave back a trial that it could not run.</summary>
public enum ReleaseCause
{
    /// <summary>Its machine: no disk, memory, handles, rights or corpus. It counts against no trial.</summary>
    Machine,

    /// <summary>Nobody knows: the trainer broke. Where that happens on several hosts, the trial is to blame.</summary>
    Unknown,
}
