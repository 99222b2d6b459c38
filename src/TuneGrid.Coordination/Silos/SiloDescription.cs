namespace TuneGrid.Coordination.Silos;

public enum SiloStatus { Idle, Running, Draining }

/// <summary>What a silo says of itself; the store keeps one row each and its own time of the last word.</summary>
/// <param name="Doing">What it trains, for people: study, trial, rung; empty when idle.</param>
public sealed record SiloDescription(
    SiloId Id, HardwareClass Class, string Host, int ProcessId, int Threads, long MemoryBytes, DateTimeOffset StartedAt, SiloStatus Status, string Doing);

/// <param name="LastSeen">By the store's clock.</param>
/// <param name="DrainRequested">Somebody asked it to finish and leave.</param>
public sealed record SiloRow(SiloDescription Silo, DateTimeOffset LastSeen, bool DrainRequested);
