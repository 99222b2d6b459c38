using TuneGrid.Training.Kernels;
using TuneGrid.Training.Model;
using TuneGrid.Training.Randomness;

namespace TuneGrid.Training.Tests.Model;

public sealed unsafe class LookupTableTests
{
    [Theory]
    [InlineData(Recipe.Plain, false, "")]
    [InlineData(Recipe.Modern, false, "embedding.bigram")]
    [InlineData(Recipe.Modern, true, "embedding.bigram")]
    public void The_bigram_table_is_lazy_under_muon(Recipe recipe, bool tied, string expected)
    {
        var options = TinyCorpus.Options(recipe) with { BigramBuckets = 64, Tied = tied || recipe == Recipe.Plain };
        Assert.Equal(expected, string.Join(' ', new ModelLayout(options).Lookups.Select(t => t.Parameter.Name)));
    }

    /// <summary>
    /// A touched row moves exactly as dense AdamW moves it in the first step; a row that no token looks up keeps its weights and moments.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Touched_rows_move_as_in_dense_AdamW_and_no_others(int threads)
    {
        var options = TinyCorpus.Options(Recipe.Modern) with { BigramBuckets = 512, WeightDecay = 0.1, Warmup = 0, Epsilon = 0 };
        var settings = TinyCorpus.Settings(threads);
        using var step = new TrainingStep(new ModelLayout(options), TinyCorpus.Corpus.Train, settings, 3);
        InitialWeights.Fill(step.Layout, 5, step.Weights.Data);
        // Zero projections would leave some gradients at zero.
        var random = new Gaussian(11);
        for (var i = 0L; i < step.Weights.Count; i++)
            step.Weights.Data[i] += (float)(0.2 * random.NextNormal());
        var before = new ReadOnlySpan<float>(step.Weights.Data, (int)step.Weights.Count).ToArray();
        step.Gradients(TinyCorpus.FirstBatch(options));
        step.Update(0);
        foreach (var table in step.Layout.Lookups.Select(t => t.Parameter))
        {
            var gradient = step.Gradient(table);
            var touched = 0;
            for (var i = 0; i < table.Count; i++)
            {
                var at = table.Offset + i;
                var isTouched = gradient.AsSpan(i / table.Columns * table.Columns, table.Columns).ContainsAnyExcept(0f);
                // After one step m / correction1 = g and v / correction2 = g², so AdamW moves by the gradient's sign.
                var step1 =
                    (options.EmbeddingLearningRate * Math.Sign(gradient[i])) + (options.LearningRate * options.WeightDecay * before[at]);
                Assert.Equal(isTouched ? before[at] - step1 : before[at], step.Weights.Data[at], isTouched ? 1e-3 : 0);
                Assert.Equal(gradient[i] != 0, step.Optimizer.Moment1.Data[at] != 0);
                touched += isTouched ? 1 : 0;
            }
            Assert.InRange(touched, 1, table.Count - 1);
        }
    }

    [Fact]
    public void Clipping_counts_the_tables_gradients()
    {
        var options = TinyCorpus.Options(Recipe.Modern) with { BigramBuckets = 64 };
        using var step = new TrainingStep(new ModelLayout(options), TinyCorpus.Corpus.Train, TinyCorpus.Settings(2), 3);
        InitialWeights.Fill(step.Layout, 5, step.Weights.Data);
        new Span<float>(step.Weights.Data + step.Layout.Head.Offset, (int)step.Layout.Head.Count).Fill(0.01f);
        step.Weights.Data[step.Layout.Head.Offset] = 1;
        step.Gradients(TinyCorpus.FirstBatch(options));
        var norm = step.Reduce();
        var sum = step.Layout.Parameters.Sum(p => step.Gradient(p).Sum(g => (double)g * g));
        Assert.Equal(Math.Sqrt(sum), norm, 1e-6 * norm);
        Assert.Contains(step.Layout.Lookups, t => step.Gradient(t.Parameter).Any(g => g != 0));
    }
}
