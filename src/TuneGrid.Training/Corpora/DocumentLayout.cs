namespace TuneGrid.Training.Corpora;

/// <summary>How a text file holds its documents.</summary>
public enum DocumentLayout
{
    /// <summary>One after the other, with <c>&lt;|endoftext|&gt;</c> after each.</summary>
    Stories,

    /// <summary>Plain text, which is cut at blank lines.</summary>
    Plain,
}
