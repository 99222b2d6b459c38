namespace TuneGrid.Training.Tokenization;

/// <summary>Byte-level byte-pair encoding (Sennrich et al., arXiv:1508.07909). Token 0 is the end of a document, tokens 1..256 are the single bytes 0..255, the rest merges in order.</summary>
public sealed partial class Tokenizer
{
    /// <summary>The token that ends, and so also begins, a document.</summary>
    public const int EndOfText = 0;
}
