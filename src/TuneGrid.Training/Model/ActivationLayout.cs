using TuneGrid.Training.Memory;

namespace TuneGrid.Training.Model;

/// <summary>What one block keeps of its forward pass for the backward pass. All row-major over the group's rows R.</summary>
internal unsafe struct BlockActivations
{
    /// <summary>[R, width] the stream before the shortcut from the embedding is mixed in.</summary>
    public float* Input;

    /// <summary>[R, width] the stream as the block sees it; the same memory as Input without x0_shortcut.</summary>
    public float* Mixed;

    /// <summary>[R] statistics of the first norm.</summary>
    public float* Mean1, Rstd1;

    /// <summary>[R, 3 width] queries, keys and values as projected.</summary>
    public float* Qkv;

    /// <summary>[R, 3 width] as attended with: normalized, rotated, mixed; the same memory as Qkv if nothing changes them.</summary>
    public float* Used;

    /// <summary>[heads, R] 1/rms of queries and keys.</summary>
    public float* RstdQ, RstdK;

    /// <summary>[R, width] output of attention.</summary>
    public float* Attended;

    /// <summary>[heads, rows of a sequence] per sequence.</summary>
    public float* LogSumExp;

    /// <summary>[R, width] the stream between attention and MLP.</summary>
    public float* Middle;

    public float* Mean2, Rstd2;

    /// <summary>[R, hidden inputs] before the activation.</summary>
    public float* Up;
}

/// <summary>One thread's activations and scratch, carved from one buffer.</summary>
internal sealed unsafe class ActivationLayout
{
    /// <summary>Rows of logits that exist at a time.</summary>
    public const int LogitRows = 128;

    private readonly float* _base;
    private long _end;

    private ActivationLayout(ModelLayout layout, int rows, float* memory)
    {
        _base = memory;
        long r = rows, width = layout.Options.Width;
        var options = layout.Options;
        Blocks = new BlockActivations[options.Depth];
        for (var i = 0; i < Blocks.Length; i++)
            Blocks[i] = Block(layout, r);

        Embedded = Take(r * width);
        RstdEmbedded = Take(r);
        Embedding = options.EmbeddingNorm ? Take(r * width) : Embedded;
        ValueEmbedding = options.ValueEmbeddings ? Take(r * width) : null;
        Last = Take(r * width);
        Final = Take(r * width);
        MeanFinal = Take(r);
        RstdFinal = Take(r);
        Losses = Take(r);

        Normed = Take(r * width);
        Convolved = options.Canon > 0 ? Take(r * width) : Normed;
        Activated = Take(r * layout.Hidden);
        Logits = Take(Math.Min(r, LogitRows) * options.Vocabulary);
        DStream = Take(r * width);
        DNormed = Take(r * width);
        DBranch = options.Dropout > 0 || layout.ResidualScale != 1 ? Take(r * width) : null;
        DEmbedding = Take(r * width);
        DValueEmbedding = options.ValueEmbeddings ? Take(r * width) : null;
        DUsed = Take(r * 3 * width);
        DActivated = Take(r * layout.Hidden);
        DUp = Take(r * layout.HiddenInputs);
    }

    public BlockActivations[] Blocks { get; }

    /// <summary>[R, width] sum of the embeddings, before and after its norm.</summary>
    public float* Embedded { get; }

    public float* RstdEmbedded { get; }

    public float* Embedding { get; }

    public float* ValueEmbedding { get; }

    /// <summary>[R, width] output of the last block.</summary>
    public float* Last { get; }

    /// <summary>[R, width] after the final norm: the head's input.</summary>
    public float* Final { get; }

    public float* MeanFinal { get; }

    public float* RstdFinal { get; }

    public float* Losses { get; }

    public float* Normed { get; }

    /// <summary>
    /// [R, width] Normed after its convolution: the input of attention's or the MLP's projection. The same memory as Normed without canon.
    /// </summary>
    public float* Convolved { get; }

    public float* Activated { get; }

    public float* Logits { get; }

    public float* DStream { get; }

    public float* DNormed { get; }

    /// <summary>[R, width] gradient of a block's branch where it differs from the stream's.</summary>
    public float* DBranch { get; }

    public float* DEmbedding { get; }

    public float* DValueEmbedding { get; }

    public float* DUsed { get; }

    public float* DActivated { get; }

    public float* DUp { get; }

    /// <summary>Elements needed for groups of this many rows.</summary>
    public static long Count(ModelLayout layout, int rows) => new ActivationLayout(layout, rows, null)._end;

    public static ActivationLayout Over(ModelLayout layout, int rows, NativeBuffer memory) => new(layout, rows, memory.Data);

    private BlockActivations Block(ModelLayout layout, long r)
    {
        var options = layout.Options;
        long width = options.Width;
        BlockActivations block = default;
        block.Input = Take(r * width);
        block.Mixed = options.X0Shortcut ? Take(r * width) : block.Input;
        block.Mean1 = Take(r);
        block.Rstd1 = Take(r);
        block.Qkv = Take(r * 3 * width);
        block.Used = options.QkNorm || options.Position == PositionKind.Rope || options.ValueEmbeddings ? Take(r * 3 * width) : block.Qkv;
        block.RstdQ = options.QkNorm ? Take(r * layout.Heads) : null;
        block.RstdK = options.QkNorm ? Take(r * layout.Heads) : null;
        block.Attended = Take(r * width);
        block.LogSumExp = Take(r * layout.Heads);
        block.Middle = Take(r * width);
        block.Mean2 = Take(r);
        block.Rstd2 = Take(r);
        block.Up = Take(r * layout.HiddenInputs);
        return block;
    }

    private float* Take(long count)
    {
        var result = _base + _end;
        _end += (count + 15) / 16 * 16;
        return result;
    }
}
