using Orleans.Concurrency;

namespace TuneGrid.Silo.Grains;

/// <summary>
/// One trial (key: study/trial) while it trains: lives on the silo that holds its lease, which its placement sees to, and can be told to
/// pause or stop wherever the caller is. Its calls return at once; the segment runs off the grain scheduler.
/// </summary>
[Alias("tunegrid.ITrialGrain")]
public interface ITrialGrain : IGrainWithStringKey
{
    /// <summary>
    /// Starts the segment that this silo has ready. Returns false if the segment belongs to another silo: the grain then makes room, so ask
    /// again.
    /// </summary>
    [Alias("Start")]
    Task<bool> StartAsync(int segment);

    /// <summary>
    /// Asks for a checkpoint at the next step; the trial waits for the next free silo. Returns false if it does not train here.
    /// </summary>
    [Alias("Pause")]
    Task<bool> PauseAsync();

    /// <summary>Drops the segment at once: its lease is gone. Returns false if it does not train here.</summary>
    [Alias("Abandon")]
    Task<bool> AbandonAsync();

    /// <summary>The segment is over: the grain may go, so that the next one is placed anew.</summary>
    [OneWay, Alias("Ended")]
    Task EndedAsync(int segment);
}
