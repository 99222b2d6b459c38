namespace TuneGrid.Silo.Corpora.Fetching;

/// <param name="Total">Bytes of the whole file, where the server says so.</param>
public sealed record FetchProgress(string File, long Bytes, long? Total);
