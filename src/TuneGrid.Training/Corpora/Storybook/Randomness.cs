namespace TuneGrid.Training.Corpora.Storybook;

/// <summary>SplitMix64 (Steele et al., OOPSLA 2014): the storybook's own, so that no library's change can change a story.</summary>
internal struct Randomness(ulong seed)
{
    private ulong _state = seed;

    /// <summary>0 to <paramref name="count"/> - 1, as good as evenly.</summary>
    public int Next(int count)
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
        z = (z ^ z >> 27) * 0x94D049BB133111EB;
        return (int)((z ^ z >> 31) % (ulong)count);
    }

    public Word Pick(Word[] words) => words[Next(words.Length)];
}
