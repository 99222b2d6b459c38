namespace TuneGrid.Coordination;

/// <summary>A corpus as everybody agrees on it: scores of different hashes are never compared.</summary>
/// <param name="Name">What people call it, for example <c>tinystories</c>.</param>
/// <param name="Hash">SHA-256 over its training and validation text.</param>
public sealed record CorpusReference(string Name, string Hash);
