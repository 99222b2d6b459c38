using Orleans.Concurrency;
using TuneGrid.Coordination.Trials;
using TuneGrid.Coordination.Work;

namespace TuneGrid.Silo.Grains;

/// <summary>
/// The coordinator of one study (its key): keeps the folded state, decides, appends to the ledger, and wakes idle silos as soon as there is
/// work for them. All it knows it can read again, so it may move or die at any moment; Orleans may even activate it twice during a
/// partition, and the ledger's optimistic append keeps that harmless. Throws what the store throws.
/// </summary>
[Alias("tunegrid.IStudyGrain")]
public interface IStudyGrain : IGrainWithStringKey
{
    /// <summary>Returns what a free silo is to do next.</summary>
    [Alias("Ask")]
    Task<WorkAnswer> AskAsync(WorkRequest request);

    /// <summary>Records how a segment ended.</summary>
    /// <param name="next">The silo asks for more work in the same breath; null if it does not.</param>
    [Alias("Report")]
    Task<ReportAnswer> ReportAsync(Assignment work, SegmentOutcome outcome, WorkRequest? next);

    /// <summary>A checkpoint can't be used. Returns false if the fence was old.</summary>
    [Alias("ReportDamage")]
    Task<bool> ReportDamageAsync(Assignment work, string checkpoint, string reason);

    /// <summary>A segment is over: ends its span.</summary>
    [OneWay, Alias("End")]
    Task EndAsync(Assignment work, SegmentOutcome? outcome, bool isReported, TimeSpan elapsed);

    /// <summary>How far a segment is, passed on to whoever watches; dropped unless it comes from the holder of the trial's lease.</summary>
    [OneWay, Alias("Progress")]
    Task ProgressAsync(int trial, long fence, string token, SegmentProgress progress);

    /// <summary>
    /// Something may have changed in the ledger: looks, wakes idle silos, pauses or stops segments as it says. The grain calls it itself,
    /// so that looking takes its turn among the other calls.
    /// </summary>
    [Alias("Tend")]
    Task TendAsync();

    /// <summary>Streams to the observer from now on; repeat it at least every minute.</summary>
    [Alias("Subscribe")]
    Task SubscribeAsync(IStudyObserver observer);

    /// <summary>Ends a subscription.</summary>
    [Alias("Unsubscribe")]
    Task UnsubscribeAsync(IStudyObserver observer);

    /// <summary>
    /// Pauses the study: running segments write a checkpoint at their next step and give their lease back. Returns false if it is unknown,
    /// was paused already or has ended.
    /// </summary>
    [Alias("Pause")]
    Task<bool> PauseAsync(string reason);

    /// <summary>Lets a paused study go on. Returns false if it was not paused.</summary>
    [Alias("Resume")]
    Task<bool> ResumeAsync();

    /// <summary>Ends the study; running segments stop at once. Returns false if it is unknown or had ended already.</summary>
    [Alias("Cancel")]
    Task<bool> CancelAsync(string reason);

    /// <summary>Ends one trial; if it runs, it stops at once. Returns false if it is unknown or had ended already.</summary>
    [Alias("CancelTrial")]
    Task<bool> CancelTrialAsync(int trial, string reason);
}

/// <summary>Watches a study.</summary>
[Alias("tunegrid.IStudyObserver")]
public interface IStudyObserver : IGrainObserver
{
    /// <summary>The ledger has grown.</summary>
    /// <param name="sequence">Its last event.</param>
    [OneWay, Alias("Changed")]
    Task ChangedAsync(long sequence);

    /// <summary>How far a running segment is.</summary>
    [OneWay, Alias("Progressed")]
    Task ProgressedAsync(int trial, SegmentProgress progress);
}
