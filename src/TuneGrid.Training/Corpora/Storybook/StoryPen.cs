using TuneGrid.Training.Randomness;

namespace TuneGrid.Training.Corpora.Storybook;

/// <summary>
/// Where a story is being written: its bytes so far, who is in it and the dice. The buffer must have room for the longest story.
/// </summary>
internal ref struct StoryPen(Span<byte> page, ReadOnlySpan<Word> cast, SplitMix64 random)
{
    private readonly Span<byte> _page = page;
    private bool _spacePending;

    public ReadOnlySpan<Word> Cast { get; } = cast;

    public SplitMix64 Random = random;

    public int Length;

    /// <summary>The next words begin a new sentence, if any come.</summary>
    public void BeginBeat() => _spacePending = Length > 0 && _page[Length - 1] != '\n';

    public void Write(ReadOnlySpan<byte> text)
    {
        if (_spacePending && !text.IsEmpty)
        {
            _spacePending = false;
            if (text[0] != '\n')
                _page[Length++] = (byte)' ';
        }
        text.CopyTo(_page[Length..]);
        Length += text.Length;
    }

    public void Write(Word word, bool article, bool capital)
    {
        var start = Length + (_spacePending ? 1 : 0);
        if (article)
            Write(word.TakesAn ? "an "u8 : "a "u8);
        Write(word.Text);
        if (capital && _page[start] is >= (byte)'a' and <= (byte)'z')
            _page[start] -= 'a' - 'A';
    }
}
