using TuneGrid.Training.Model;

namespace TuneGrid.Training.Export;

/// <summary>
/// The model's tensors as the Llama architecture names and orders them, row-major [out, in]. Multipliers that it lacks are folded into
/// weights: the residual scale into both block outputs, the head's into the last gain.
/// </summary>
internal sealed unsafe class LlamaWeights(LanguageModel model)
{
    private readonly ModelLayout _layout = model.Layout;

    public ModelLayout Layout => _layout;

    /// <summary>[vocabulary, width].</summary>
    public float[] Token => All(_layout.Token);

    /// <summary>[vocabulary, width], or null if it is the token embedding.</summary>
    public float[]? Head => _layout.Options.Tied ? null : All(_layout.Head);

    /// <summary>[width].</summary>
    public float[] FinalGain => Scaled(Gain(_layout.FinalNorm), _layout.HeadScale);

    public float[] AttentionGain(int block) => Gain(_layout.Blocks[block].Norm1);

    public float[] MlpGain(int block) => Gain(_layout.Blocks[block].Norm2);

    /// <summary>[width, width], rows in the order of adjacent rotary pairs.</summary>
    public float[] Query(int block) => Interleaved(Third(block, 0));

    /// <summary>[width, width], rows in the order of adjacent rotary pairs.</summary>
    public float[] Key(int block) => Interleaved(Third(block, 1));

    /// <summary>[width, width].</summary>
    public float[] Value(int block) => Third(block, 2);

    /// <summary>[width, width].</summary>
    public float[] Output(int block) => Scaled(All(_layout.Blocks[block].Out), _layout.ResidualScale);

    /// <summary>[hidden, width].</summary>
    public float[] Gate(int block) => Rows(_layout.Blocks[block].Up, 0, _layout.Hidden);

    /// <summary>[hidden, width].</summary>
    public float[] Up(int block) => Rows(_layout.Blocks[block].Up, _layout.Hidden, _layout.Hidden);

    /// <summary>[width, hidden].</summary>
    public float[] Down(int block) => Scaled(All(_layout.Blocks[block].Down), _layout.ResidualScale);

    private float[] Third(int block, int part) => Rows(_layout.Blocks[block].Qkv, part * _layout.Options.Width, _layout.Options.Width);

    /// <summary>
    /// We rotate a head's halves (x1, x2) to (x1 c + x2 s, x2 c - x1 s); Llama rotates neighbours (a, b) to (a c - b s, b c + a s). So a =
    /// x2 and b = x1.
    /// </summary>
    private float[] Interleaved(float[] rows)
    {
        int width = _layout.Options.Width, half = _layout.HeadWidth / 2;
        var result = new float[rows.Length];
        for (var row = 0; row < width; row++)
        {
            var (head, within) = Math.DivRem(row, _layout.HeadWidth);
            var source = (head * _layout.HeadWidth) + (within % 2 == 0 ? half : 0) + (within / 2);
            Array.Copy(rows, source * width, result, row * width, width);
        }
        return result;
    }

    private float[] Gain(NormParameters norm)
    {
        if (norm.Gain != null)
            return All(norm.Gain);
        var ones = new float[_layout.Options.Width];
        Array.Fill(ones, 1);
        return ones;
    }

    private float[] All(Parameter parameter) => Rows(parameter, 0, parameter.Rows);

    private float[] Rows(Parameter parameter, int first, int count) =>
        new ReadOnlySpan<float>(model.Weights + parameter.Offset + ((long)first * parameter.Columns), count * parameter.Columns).ToArray();

    private static float[] Scaled(float[] values, float factor)
    {
        for (var i = 0; i < values.Length; i++)
            values[i] *= factor;
        return values;
    }
}
