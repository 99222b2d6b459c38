namespace TuneGrid.Coordination.Silos;

public enum SiloActivity { Idle, Running, Draining }

/// <summary>What a silo says of itself; the store keeps one row each and its own time of the last word.</summary>
/// <param name="Doing">What it trains, for people: study, trial, rung; empty when idle.</param>
public sealed record SiloDescription(
    SiloId Id, HardwareClass Class, string Host, int ProcessId, int Threads, long MemoryBytes, DateTimeOffset StartedAt, SiloActivity Status, string Doing)
{
    /// <summary>Null if it has not calibrated itself.</summary>
    public SiloSpeed? Speed { get; init; }

    /// <summary>True if its machine's energy counters can be read; null if not. Only such a silo can train for a budget in joules.</summary>
    public bool? MeasuresEnergy { get; init; }
}

/// <summary>What a silo's probes say.</summary>
/// <param name="Norm">What it can do undisturbed, in floating-point operations per second over all its threads.</param>
/// <param name="Relative">Its last probe as a share of the norm; at most 1.</param>
public sealed record SiloSpeed(double Norm, double Relative);

/// <param name="LastSeen">By the store's clock.</param>
/// <param name="DrainRequested">Somebody asked it to finish and leave.</param>
public sealed record SiloRow(SiloDescription Silo, DateTimeOffset LastSeen, bool DrainRequested);
