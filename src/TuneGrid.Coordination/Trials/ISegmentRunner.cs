using TuneGrid.Coordination.Artifacts;

namespace TuneGrid.Coordination.Trials;

/// <summary>Follows a segment while it is trained. Called by the runner, one call at a time.</summary>
public interface ISegmentMonitor : IProgress<SegmentProgress>
{
    /// <summary>Everything is ready; the first step follows at once.</summary>
    ValueTask TrainingBeginsAsync();

    /// <summary>The last step is done; checkpoint and score follow.</summary>
    ValueTask TrainingEndsAsync();
}

/// <summary>Trains one segment at a time on this machine.</summary>
public interface ISegmentRunner
{
    /// <summary>
    /// Returns null if this machine can train on the corpus; else for people why not, beginning with a verb ("needs ...") and ending with
    /// what to do.
    /// </summary>
    string? WhyNot(CorpusReference corpus);

    /// <summary>
    /// Runs the segment. Progress is reported at least every second. Never throws for what a configuration does wrong: that is
    /// <see cref="SegmentOutcome.Failed"/>.
    /// </summary>
    /// <param name="pause">Asks for a checkpoint at the next step boundary, within two seconds.</param>
    /// <param name="abandon">Drops everything at once: the fence is gone.</param>
    /// <exception cref="ArtifactDamagedException">The checkpoint can't be used.</exception>
    /// <exception cref="Exception">Anything else: this machine could not run it, and gives it back.</exception>
    Task<SegmentOutcome> RunAsync(Assignment work, ISegmentMonitor monitor, CancellationToken pause, CancellationToken abandon);
}
