namespace TuneGrid.Training.Corpora;

/// <summary>A corpus cannot be had; the message is fit for the user as it stands: what, where and how to mend it.</summary>
public sealed class CorpusException(string message, Exception? cause = null) : Exception(message, cause);
