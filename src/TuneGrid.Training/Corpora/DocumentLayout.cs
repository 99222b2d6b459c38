namespace TuneGrid.Training.Corpora;

/// <summary>
/// How a text file holds its documents: stories with <c>&lt;|endoftext|&gt;</c> after each, or plain text that is cut at blank lines.
/// </summary>
public enum DocumentLayout { Stories, Plain }
