using System.Text;
using TuneGrid.Training.Export;

namespace TuneGrid.Training.Tests.Export;

/// <summary>Reads the file back by the specification: metadata, tensor table, alignment, values.</summary>
public sealed class GgufExportTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TheFileHoldsTheArchitectureTokenizerAndTensors(bool tied)
    {
        var options = SavedModel.Llama with { Tied = tied };
        using var saved = new SavedModel(options);
        using var model = saved.Load();
        var gguf = new Gguf(ModelExport.Run(saved.Path, ExportFormat.Gguf, saved.In("model.gguf"))[0]);

        Assert.Equal("llama", gguf.Metadata["general.architecture"]);
        Assert.Equal(32u, gguf.Metadata["llama.embedding_length"]);
        Assert.Equal(16u, gguf.Metadata["llama.rope.dimension_count"]);
        Assert.Equal(1e-5f, gguf.Metadata["llama.attention.layer_norm_rms_epsilon"]);
        var tokens = (object[])gguf.Metadata["tokenizer.ggml.tokens"];
        Assert.Equal(options.Vocabulary, tokens.Length);
        Assert.Equal(tokens.Length, tokens.Distinct().Count());
        Assert.Equal("Ġ", tokens[' ' + 1]);
        Assert.Equal("Ċ", tokens['\n' + 1]);
        Assert.Equal("A", tokens['A' + 1]);
        Assert.All(
            (object[])gguf.Metadata["tokenizer.ggml.merges"],
            pair => Assert.Contains(((string)pair).Replace(" ", "", StringComparison.Ordinal), tokens));

        var weights = new LlamaWeights(model);
        Assert.Equal(2 + (9 * options.Depth) + (tied ? 0 : 1), gguf.Tensors.Count);
        Assert.Equal(weights.Token, gguf.Tensors["token_embd.weight"].Values);
        Assert.Equal(weights.Query(1), gguf.Tensors["blk.1.attn_q.weight"].Values);
        Assert.Equal(weights.Down(1), gguf.Tensors["blk.1.ffn_down.weight"].Values);
        Assert.Equal(weights.FinalGain, gguf.Tensors["output_norm.weight"].Values);
        // Innermost first: columns, then rows.
        Assert.Equal([64, 32], gguf.Tensors["blk.0.ffn_down.weight"].Shape);
        if (!tied)
            Assert.Equal(weights.Head, gguf.Tensors["output.weight"].Values);
    }

    private sealed class Gguf
    {
        public Gguf(string path)
        {
            using var reader = new BinaryReader(File.OpenRead(path));
            Assert.Equal("GGUF", Encoding.ASCII.GetString(reader.ReadBytes(4)));
            Assert.Equal(3u, reader.ReadUInt32());
            var (tensors, pairs) = (reader.ReadUInt64(), reader.ReadUInt64());
            for (ulong i = 0; i < pairs; i++)
                Metadata.Add(Text(reader), Value(reader, reader.ReadUInt32()));
            var table = new List<(string Name, long[] Shape, long Offset)>();
            for (ulong i = 0; i < tensors; i++)
            {
                var name = Text(reader);
                var shape = Enumerable.Range(0, (int)reader.ReadUInt32()).Select(_ => reader.ReadInt64()).ToArray();
                Assert.Equal(0u, reader.ReadUInt32());
                table.Add((name, shape, reader.ReadInt64()));
            }
            var start = (reader.BaseStream.Position + 31) / 32 * 32;
            foreach (var (name, shape, offset) in table)
            {
                Assert.Equal(0, offset % 32);
                reader.BaseStream.Position = start + offset;
                Tensors.Add(
                    name, (shape, [.. Enumerable.Range(0, (int)shape.Aggregate((a, b) => a * b)).Select(_ => reader.ReadSingle())]));
            }
            Assert.Equal((reader.BaseStream.Position + 31) / 32 * 32, reader.BaseStream.Length);
        }

        public Dictionary<string, object> Metadata { get; } = [];

        public Dictionary<string, (long[] Shape, float[] Values)> Tensors { get; } = [];

        private static string Text(BinaryReader reader) => Encoding.UTF8.GetString(reader.ReadBytes((int)reader.ReadUInt64()));

        private static object Value(BinaryReader reader, uint type) => type switch
        {
            4 => reader.ReadUInt32(),
            5 => reader.ReadInt32(),
            6 => reader.ReadSingle(),
            7 => reader.ReadByte() == 1,
            8 => Text(reader),
            9 => Array(reader, reader.ReadUInt32(), (int)reader.ReadUInt64()),
            _ => throw new InvalidDataException($"type {type}"),
        };

        private static object[] Array(BinaryReader reader, uint type, int count) =>
            [.. Enumerable.Range(0, count).Select(_ => Value(reader, type))];
    }
}
