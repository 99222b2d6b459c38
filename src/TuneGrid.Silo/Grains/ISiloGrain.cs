using Orleans.Concurrency;

namespace TuneGrid.Silo.Grains;

/// <summary>One silo (key: its Orleans address), on that silo: what it is, and how to reach it when there is work.</summary>
[Alias("tunegrid.ISiloGrain")]
public interface ISiloGrain : IGrainWithStringKey
{
    /// <summary>There may be work: ask.</summary>
    [OneWay, Alias("Wake")]
    Task WakeAsync();

    /// <summary>The silo's description with its class, threads, memory and calibration, as JSON.</summary>
    [Alias("Describe")]
    Task<byte[]> DescribeAsync();

    /// <summary>Asks it to end its segment and leave.</summary>
    [Alias("Drain")]
    Task DrainAsync();
}
