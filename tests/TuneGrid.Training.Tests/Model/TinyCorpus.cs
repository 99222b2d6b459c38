using System.Text;
using TuneGrid.Training.Corpora;
using TuneGrid.Training.Kernels;
using TuneGrid.Training.Model;
using TuneGrid.Training.Optimization;
using TuneGrid.Training.Tokenization;

namespace TuneGrid.Training.Tests.Model;

/// <summary>A few hundred little sentences: enough to learn from in a second, the same every time.</summary>
internal static class TinyCorpus
{
    private static readonly string[] Who = ["the cat", "a dog", "Tom", "the girl", "my bird"];
    private static readonly string[] What = ["saw", "liked", "found", "hid", "lost"];
    private static readonly string[] Object = ["a red ball", "the moon", "her hat", "some cake", "a small boat"];

    public static EncodedCorpus Corpus { get; } = Build();

    public static TrainingOptions Options(Recipe recipe) => new()
    {
        Recipe = recipe, Width = 16, Depth = 2, Heads = 2, Context = 16, Vocabulary = 280, BatchSize = 4,
        LearningRate = 0.02, BigramBuckets = 0,
    };

    public static TrainerSettings Settings(int threads = 1, InstructionSet set = InstructionSet.Reference) =>
        new(threads, 7, KernelLadder.For(set));

    /// <summary>The whole first batch, whatever warms up.</summary>
    public static BatchPlan FirstBatch(TrainingOptions options) => Schedule.Batch(options, step: 0, sequences: 0, spent: 1);

    private static EncodedCorpus Build()
    {
        var documents = Enumerable.Range(0, 300)
            .Select(i => Encoding.UTF8.GetBytes(
                $"{Who[i % 5]} {What[i / 5 % 5]} {Object[i * 7 / 3 % 5]}. {Who[(i + 1) % 5]} {What[i % 3]} it too."))
            .ToArray();
        var tokenizer = Tokenizer.Train(documents.Select(d => new ReadOnlyMemory<byte>(d)), 280);
        return new EncodedCorpus("tiny", "0", tokenizer, Encode(documents[..270], tokenizer), Encode(documents[270..], tokenizer));
    }

    private static TokenSequence Encode(byte[][] documents, Tokenizer tokenizer)
    {
        var tokens = new List<ushort>();
        var starts = new List<int>();
        foreach (var document in documents)
        {
            starts.Add(tokens.Count);
            tokenizer.Encode(document, tokens);
            tokens.Add(Tokenizer.EndOfText);
        }
        return new TokenSequence([.. tokens], [.. starts], documents.Sum(d => (long)d.Length + 1));
    }
}
