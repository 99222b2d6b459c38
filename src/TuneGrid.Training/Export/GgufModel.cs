using TuneGrid.Training.Kernels;

namespace TuneGrid.Training.Export;

/// <summary>The model under the names llama.cpp's llama architecture reads.</summary>
internal static class GgufModel
{
    public static void Write(LlamaWeights weights, LanguageModel model, Stream file)
    {
        var gguf = new GgufWriter();
        AddArchitecture(gguf, weights, model);
        GgufTokenizer.Add(gguf, model.Tokenizer);
        AddTensors(gguf, weights);
        gguf.Save(file);
    }

    private static void AddArchitecture(GgufWriter gguf, LlamaWeights weights, LanguageModel model)
    {
        var options = model.Options;
        gguf.Add("general.architecture", "llama");
        gguf.Add("general.name", "TuneGrid");
        gguf.Add("general.file_type", 0u); // all tensors fp32
        gguf.Add("general.alignment", 32u);
        gguf.Add("llama.context_length", (uint)options.Context);
        gguf.Add("llama.embedding_length", (uint)options.Width);
        gguf.Add("llama.block_count", (uint)options.Depth);
        gguf.Add("llama.feed_forward_length", (uint)weights.Layout.Hidden);
        gguf.Add("llama.attention.head_count", (uint)weights.Layout.Heads);
        gguf.Add("llama.attention.head_count_kv", (uint)weights.Layout.Heads);
        gguf.Add("llama.attention.layer_norm_rms_epsilon", IElementKernels.NormEpsilon);
        gguf.Add("llama.rope.dimension_count", (uint)weights.Layout.HeadWidth);
        gguf.Add("llama.rope.freq_base", (float)options.RopeBase);
        gguf.Add("llama.vocab_size", (uint)options.Vocabulary);
    }

    private static void AddTensors(GgufWriter gguf, LlamaWeights weights)
    {
        var options = weights.Layout.Options;
        long width = options.Width, hidden = weights.Layout.Hidden, vocabulary = options.Vocabulary;
        gguf.AddTensor("token_embd.weight", () => weights.Token, vocabulary, width);
        for (var index = 0; index < options.Depth; index++)
        {
            var block = index;
            var prefix = FormattableString.Invariant($"blk.{block}.");
            gguf.AddTensor(prefix + "attn_norm.weight", () => weights.AttentionGain(block), width);
            gguf.AddTensor(prefix + "attn_q.weight", () => weights.Query(block), width, width);
            gguf.AddTensor(prefix + "attn_k.weight", () => weights.Key(block), width, width);
            gguf.AddTensor(prefix + "attn_v.weight", () => weights.Value(block), width, width);
            gguf.AddTensor(prefix + "attn_output.weight", () => weights.Output(block), width, width);
            gguf.AddTensor(prefix + "ffn_norm.weight", () => weights.MlpGain(block), width);
            gguf.AddTensor(prefix + "ffn_gate.weight", () => weights.Gate(block), hidden, width);
            gguf.AddTensor(prefix + "ffn_up.weight", () => weights.Up(block), hidden, width);
            gguf.AddTensor(prefix + "ffn_down.weight", () => weights.Down(block), width, hidden);
        }
        gguf.AddTensor("output_norm.weight", () => weights.FinalGain, width);
        if (!options.Tied) // without it llama.cpp takes the embedding
            gguf.AddTensor("output.weight", () => weights.Head!, vocabulary, width);
    }
}
