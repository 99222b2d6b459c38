namespace TuneGrid.Silo.Corpora.Fetching;

/// <summary>This attempt failed, but the next may not: a cut, a stall, a busy server.</summary>
internal sealed class TransientFetchException(string message, Exception? cause = null) : Exception(message, cause);
