namespace TuneGrid.Silo.Corpora.Fetching;

/// <summary>How patient a download is; the defaults suit people, tests bring their own clock.</summary>
public sealed record FetchOptions
{
    /// <summary>A connection that sends nothing for so long is given up and made anew.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Failures in a row, without a byte gained, before the download is given up.</summary>
    public int Retries { get; init; } = 8;

    /// <summary>Before the first retry; doubled each time, with jitter.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
