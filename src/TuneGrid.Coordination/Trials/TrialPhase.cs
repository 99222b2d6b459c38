namespace TuneGrid.Coordination.Trials;

/// <summary>Where a trial stands.</summary>
public abstract record TrialPhase
{
    private TrialPhase() { }

    /// <summary>It may run toward this rung, and waits for a silo: just proposed, just promoted, or interrupted on the way.</summary>
    public sealed record Ready(int ToRung) : TrialPhase;

    /// <summary>A silo trains it under this fence.</summary>
    public sealed record Running(int Segment, Fence Fence, SiloId Silo, int ToRung) : TrialPhase;

    /// <summary>It has a score at this rung and waits for promotion, perhaps for ever.</summary>
    public sealed record AtRung(int Rung) : TrialPhase;

    /// <summary>It was trained for the whole budget.</summary>
    public sealed record Completed(SegmentResult Result) : TrialPhase;

    /// <summary>It ended without a result.</summary>
    public sealed record Failed(FailureKind Kind, string Reason) : TrialPhase
    {
        /// <summary>Where it stood: at a rung, or on the way to one. There it goes on if it is tried again.</summary>
        internal TrialPhase? From { get; init; }
    }
}
