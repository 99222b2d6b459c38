namespace TuneGrid.Coordination.Ledger;

/// <summary>The store can't answer now; the same call may succeed later.</summary>
public sealed class StoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The store can't be used at all: wrong schema, wrong password, read-only, damaged. The message says what to do.</summary>
public sealed class StoreUnusableException(string message, Exception? inner = null) : Exception(message, inner);
