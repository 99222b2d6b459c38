using TuneGrid.Training.Corpora;
using TuneGrid.Training.Model;
using TuneGrid.Training.Optimization;

namespace TuneGrid.Training.Tests.Corpora;

public sealed unsafe class TrainingWindowsTests
{
    private const int Context = 8;

    [Theory]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(101)]
    [InlineData(1000)]
    public void A_pass_reads_every_token_once(int length)
    {
        var text = new TokenSequence([.. Enumerable.Range(1, length).Select(i => (ushort)i)], [0], length);
        var windows = new TrainingWindows(text, new TrainingOptions { Context = Context, Packing = PackingKind.Stream }, seed: 3);
        var perPass = Math.Max(1, (length - 1) / Context);
        for (var pass = 0; pass < 3; pass++)
        {
            var seen = new HashSet<int>();
            for (var k = 0; k < perPass; k++)
                seen.UnionWith(Inputs(windows, (pass * perPass) + k));
            Assert.Equal(perPass * Context, seen.Count);
        }
    }

    [Fact]
    public void Passes_differ_in_order_and_offset()
    {
        var text = new TokenSequence([.. Enumerable.Range(1, 2000).Select(i => (ushort)i)], [0], 2000);
        var windows = new TrainingWindows(text, new TrainingOptions { Context = Context, Packing = PackingKind.Stream }, seed: 3);
        var first = Enumerable.Range(0, 249).Select(k => Inputs(windows, k)[0]).ToList();
        var second = Enumerable.Range(249, 249).Select(k => Inputs(windows, k)[0]).ToList();
        Assert.NotEqual(first[0] % Context, second[0] % Context);
        Assert.NotEqual(first.Order(), first);
        Assert.InRange(first.Zip(first.Skip(1)).Count(p => p.Second == p.First + Context), 0, 5);
    }

    [Theory]
    [InlineData(0.0, 2, 32)]
    [InlineData(0.1, 6, 96)]
    [InlineData(0.2, 8, 128)]
    [InlineData(0.9, 8, 128)]
    public void Batch_and_reach_grow_over_their_warm_ups(double spent, int sequences, int segment)
    {
        var options = new TrainingOptions { BatchSize = 8, Context = 128, BatchWarmup = 0.2, ContextWarmup = 0.2 };
        var plan = Schedule.Batch(options, step: 5, sequences: 17, spent);
        Assert.Equal((5, 17L, sequences), (plan.Step, plan.FirstSequence, plan.Sequences));
        Assert.Equal(segment, plan.Segment);
    }

    [Fact]
    public void A_segment_cuts_attention_as_a_story_does()
    {
        var text = new TokenSequence([1, 2, 3, 4, 5, 6, 7, 8, 9], [0], 9);
        var windows = new TrainingWindows(
            text, new TrainingOptions { Context = Context, Packing = PackingKind.Stream, ContextWarmup = 0.5 }, seed: 3);
        int* tokens = stackalloc int[2 * Context], visible = stackalloc int[Context];
        windows.Fill(0, segment: 3, tokens, tokens + Context, visible);
        Assert.Equal([0, 0, 0, 3, 3, 3, 6, 6], new ReadOnlySpan<int>(visible, Context));
    }

    private static int[] Inputs(TrainingWindows windows, long sequence)
    {
        int* tokens = stackalloc int[2 * Context];
        windows.Fill(sequence, Context, tokens, tokens + Context, null);
        return new ReadOnlySpan<int>(tokens, Context).ToArray();
    }
}
