using Orleans.Concurrency;

namespace TuneGrid.Silo.Grains;

/// <summary>
/// The coordinator of one study (its key): keeps the folded state, decides, appends to the ledger, and wakes idle silos as soon as there is work for them. All it
/// knows it can read again, so it may move or die at any moment; Orleans may even activate it twice during a partition, and the ledger's optimistic append keeps
/// that harmless.
/// </summary>
[Alias("tunegrid.IStudyGrain")]
public interface IStudyGrain : IGrainWithStringKey
{
    [Alias("Ask")]
    Task<WorkMessage> AskAsync(AskMessage question);

    [Alias("Report")]
    Task<ReportedMessage> ReportAsync(ReportMessage report);

    [Alias("ReportDamage")]
    Task<ReportedMessage> ReportDamageAsync(DamageMessage damage);

    /// <summary>A segment is over: ends its span.</summary>
    [OneWay, Alias("End")]
    Task EndAsync(EndMessage end);

    /// <summary>How far a segment is, passed on to whoever watches.</summary>
    [OneWay, Alias("Progress")]
    Task ProgressAsync(ProgressMessage progress);

    /// <summary>Something may have changed in the ledger: looks, wakes idle silos, stops segments that have lost their lease.</summary>
    [Alias("Tend")]
    Task TendAsync();

    /// <summary>Streams to the observer from now on; repeat it at least every minute.</summary>
    [Alias("Subscribe")]
    Task SubscribeAsync(IStudyObserver observer);

    [Alias("Unsubscribe")]
    Task UnsubscribeAsync(IStudyObserver observer);

    /// <summary>Ends the study; running segments stop at once. False if it is unknown or had ended already.</summary>
    [Alias("Cancel")]
    Task<bool> CancelAsync(string reason);
}

/// <summary>Watches a study.</summary>
[Alias("tunegrid.IStudyObserver")]
public interface IStudyObserver : IGrainObserver
{
    /// <param name="sequence">The ledger's last event.</param>
    [OneWay, Alias("Changed")]
    Task ChangedAsync(long sequence);

    [OneWay, Alias("Progressed")]
    Task ProgressedAsync(ProgressMessage progress);
}
