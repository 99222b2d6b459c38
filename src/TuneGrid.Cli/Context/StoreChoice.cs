namespace TuneGrid.Cli.Context;

/// <summary>Where the ledger and the artifacts are, as the command line says; null falls back on the environment.</summary>
internal sealed record StoreChoice(string? Where, string? Artifacts);
