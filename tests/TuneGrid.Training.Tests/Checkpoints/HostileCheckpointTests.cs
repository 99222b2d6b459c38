using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using TuneGrid.Training.Checkpoints;
using TuneGrid.Training.Model;
using TuneGrid.Training.Tests.Model;

namespace TuneGrid.Training.Tests.Checkpoints;

/// <summary>
/// Checkpoints and models that were cut, flipped or forged: one clear error or exactly what was saved, in bounded memory.
/// </summary>
public sealed class HostileCheckpointTests : IDisposable
{
    private const string Splinters = "{}[],:\"\\-0.eE9\0é";
    private readonly string _folder = Directory.CreateTempSubdirectory("tunegrid-hostile-").FullName;
    private readonly byte[] _checkpoint;
    private readonly byte[] _model;

    public HostileCheckpointTests()
    {
        using var trainer = Trainer.Create(
            TinyCorpus.Options(Recipe.Plain), new(BudgetUnit.Steps, 4), TinyCorpus.Corpus, TinyCorpus.Settings());
        trainer.TrainUntil(2, null, default);
        trainer.SaveCheckpoint(In("checkpoint"));
        trainer.SaveModel(In("model"));
        (_checkpoint, _model) = (File.ReadAllBytes(In("checkpoint")), File.ReadAllBytes(In("model")));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_flip_of_any_byte_of_the_header_and_of_any_tensor_is_found()
    {
        var header = 8 + (int)BinaryPrimitives.ReadInt64LittleEndian(_checkpoint);
        var places = Enumerable.Range(0, header)
            .Concat(Enumerable.Range(0, (_checkpoint.Length - header) / 101).Select(i => header + (i * 101)));
        foreach (var at in places)
        {
            var damaged = (byte[])_checkpoint.Clone();
            damaged[at] ^= (byte)(1 << (at % 8));
            Assert.Throws<CheckpointException>(() => Resume(damaged));
        }
    }

    [Fact]
    public void A_cut_at_every_interesting_length_is_found()
    {
        var header = 8 + (int)BinaryPrimitives.ReadInt64LittleEndian(_checkpoint);
        int[] lengths =
        [
            .. Enumerable.Range(0, header + 2), .. Enumerable.Range(1, 50).Select(i => header + (i * (_checkpoint.Length - header) / 51)),
            _checkpoint.Length - 1,
        ];
        foreach (var length in lengths)
            Assert.Throws<CheckpointException>(() => Resume(_checkpoint[..length]));
    }

    [Theory]
    [InlineData("tunegrid.steps", "-1")]
    [InlineData("tunegrid.steps", "1e3")]
    [InlineData("tunegrid.training_seconds", "-0.5")]
    [InlineData("tunegrid.training_seconds", "NaN")]
    [InlineData("tunegrid.budget_unit", "Joules")]
    [InlineData("tunegrid.budget_amount", "lots")]
    [InlineData("tunegrid.seed", "")]
    [InlineData("tunegrid.options", "{\"width\":65536}")]
    [InlineData("tunegrid.options", "null")]
    [InlineData("tunegrid.options", "{\"width\":null}")]
    [InlineData("tunegrid.options", "{\"width\":[64]}")]
    [InlineData("tunegrid.options", "{\"width\":64,\"width\":96}")]
    [InlineData("tunegrid.options", "{\"width\":1e9}")]
    [InlineData("tunegrid.options", "{\"learning_rate\":1e999}")]
    [InlineData("tunegrid.budget_unit", "7")]
    [InlineData("tunegrid.budget_amount", "-1")]
    [InlineData("tunegrid.budget_amount", "Infinity")]
    [InlineData("tunegrid.sequences", "-1")]
    [InlineData("tunegrid.sequences", "9223372036854775807")]
    [InlineData("tunegrid.training_seconds", "Infinity")]
    [InlineData("tunegrid.corpus_hash", "other")]
    public void A_forged_value_is_refused_even_with_a_fitting_hash(string key, string value)
    {
        var json = System.Text.Json.Nodes.JsonNode.Parse(HeaderOf(_checkpoint))!;
        json["__metadata__"]![key] = value;
        var exception = Record.Exception(() => Resume(Forge(json.ToJsonString(), _checkpoint)));
        Assert.True(exception is CheckpointException or TrainingRefusedException, exception?.ToString() ?? "it was taken");
    }

    [Theory]
    [InlineData("\"width\":16", "\"width\":null", "width must be a value, not null")]
    [InlineData("\"width\":16", "\"width\":{\"a\":[1]}", "metadata is damaged")]
    [InlineData("\"width\":16", "\"width\":1e9", "width must lie in 1..4096, not 1000000000")]
    [InlineData("\"width\":16", "\"width\":16,\"width\":32", "uplicate")]
    [InlineData("\"merges\":[", "\"merges\":[null,1,", "the tokenizer's merges are no tokens")]
    [InlineData("\"vocabulary\":", "\"vocabulary\":null,\"v\":", "vocabulary")]
    public void A_model_whose_options_or_tokenizer_are_nonsense_is_named_with_the_field(string old, string forged, string complaint)
    {
        var json = System.Text.Json.Nodes.JsonNode.Parse(HeaderOf(_model))!;
        foreach (var key in new[] { "tunegrid.options", "tunegrid.tokenizer" })
        {
            var text = json["__metadata__"]![key]!.GetValue<string>();
            json["__metadata__"]![key] = text.Replace(old, forged, StringComparison.Ordinal);
        }
        var exception = Assert.Throws<CheckpointException>(() => Load(Forge(json.ToJsonString(), _model)));
        Assert.Contains(complaint, exception.Message, StringComparison.Ordinal);
        Assert.StartsWith(In("damaged"), exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("data_offsets", "[0,0]", "lies outside the file")]
    [InlineData("data_offsets", "null", "needs a known dtype")]
    [InlineData("data_offsets", "[0,9223372036854775807]", "lies outside the file")]
    [InlineData("shape", "[-1]", "negative dimension")]
    [InlineData("shape", "[9223372036854775807,9]", "needs a known dtype")]
    [InlineData("shape", "[1.5]", "needs a known dtype")]
    [InlineData("dtype", "7", "needs a known dtype")]
    public void A_tensor_described_by_nonsense_is_named(string field, string value, string complaint)
    {
        var json = System.Text.Json.Nodes.JsonNode.Parse(HeaderOf(_model))!;
        var name = json.AsObject().Last().Key;
        json[name]![field] = System.Text.Json.Nodes.JsonNode.Parse(value);
        var message = Assert.Throws<CheckpointException>(() => Load(Forge(json.ToJsonString(), _model))).Message;
        Assert.Contains(complaint, message, StringComparison.Ordinal);
        Assert.Contains($"'{name}'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tensors_that_share_bytes_or_leave_some_out_are_refused()
    {
        var json = System.Text.Json.Nodes.JsonNode.Parse(HeaderOf(_model))!;
        var names = json.AsObject().Select(p => p.Key).Where(k => k != "__metadata__").ToList();
        var (first, last) = (json[names[0]]!.DeepClone(), json[names[^1]]!.DeepClone());
        json["again"] = first.DeepClone();
        Assert.Contains("overlaps", Refusal(json), StringComparison.Ordinal);
        json.AsObject().Remove("again");
        json.AsObject().Remove(names[^1]);
        Assert.Contains("belong to none", Refusal(json), StringComparison.Ordinal);
        json[names[^1]] = last;
        json.AsObject().Remove(names[0]);
        Assert.Contains("leaves a gap", Refusal(json), StringComparison.Ordinal);

        string Refusal(System.Text.Json.Nodes.JsonNode forged) =>
            Assert.Throws<CheckpointException>(() => Load(Forge(forged.ToJsonString(), _model))).Message;
    }

    [Fact]
    public void A_checkpoint_of_another_run_is_refused_with_the_difference()
    {
        var (options, budget) = (TinyCorpus.Options(Recipe.Plain), new TrainingBudget(BudgetUnit.Steps, 4));
        var settings = TinyCorpus.Settings();
        Trainer.Resume(In("checkpoint"), TinyCorpus.Corpus, settings, options, budget).Dispose();
        Differs("learning_rate is ", options with { LearningRate = 0.1234 }, budget, settings);
        Differs("dropout is 0 there and 0.5 here", options with { Dropout = 0.5 }, budget, settings);
        Differs("its budget is 4 Steps there and 5 Steps here", options, budget with { Amount = 5 }, settings);
        Differs("its budget is 4 Steps there and 4 Tokens here", options, budget with { Unit = BudgetUnit.Tokens }, settings);
        Differs("its seed is ", options, budget, settings with { Seed = settings.Seed + 1 });

        void Differs(string where, TrainingOptions wanted, TrainingBudget spent, TrainerSettings here) => Assert.Contains(
            $"another run: {where}",
            Assert.Throws<CheckpointException>(() => Trainer.Resume(In("checkpoint"), TinyCorpus.Corpus, here, wanted, spent)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_lost_its_hash_is_refused()
    {
        var json = System.Text.Json.Nodes.JsonNode.Parse(HeaderOf(_model))!;
        json["__metadata__"]!.AsObject().Remove(SafetensorsWriter.HashKey);
        var exception = Assert.Throws<CheckpointException>(() => Load(Forge(json.ToJsonString(), _model)));
        Assert.Contains(SafetensorsWriter.HashKey, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Forged_headers_are_refused_or_read_in_bounded_memory() => ReadForgeries(3000);

    [Fact]
    [Trait("Category", "Slow")]
    public void A_hundred_thousand_forged_headers_are_refused_or_read_in_bounded_memory() => ReadForgeries(100_000);

    /// <summary>
    /// Every one carries a hash that fits, so that what lies behind the hash is tried too; each twentieth is loaded as a model.
    /// </summary>
    private void ReadForgeries(int count)
    {
        var header = HeaderOf(_model);
        var path = In("forged");
        var refused = 0;
        for (var seed = 0; seed < count; seed++)
        {
            var forged = Forge(Mutate(header, new Random(seed)), _model);
            File.WriteAllBytes(path, forged);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                using var file = SafetensorsFile.Open(path);
                if (seed % 20 == 0)
                    LanguageModel.Load(path, TinyCorpus.Settings()).Dispose();
            }
            catch (CheckpointException)
            {
                refused++;
            }
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (64L * forged.Length) + (1 << 20));
        }
        Assert.InRange(refused, count / 4, count - 1);
    }

    private static string Mutate(string header, Random random)
    {
        var text = new StringBuilder(header);
        for (var left = random.Next(1, 4); left > 0; left--)
        {
            var at = random.Next(text.Length);
            switch (random.Next(4))
            {
                case 0:
                    text.Remove(at, Math.Min(text.Length - at, random.Next(1, 6)));
                    break;
                case 1:
                    text[at] = (char)(text[at] ^ (1 << random.Next(7)));
                    break;
                case 2:
                    text.Insert(at, text.ToString(at, Math.Min(text.Length - at, random.Next(80))));
                    break;
                default:
                    text.Insert(at, Splinters[random.Next(Splinters.Length)].ToString(), random.Next(1, 40));
                    break;
            }
        }
        return text.ToString();
    }

    private static string HeaderOf(byte[] file) => Encoding.UTF8.GetString(file, 8, (int)BinaryPrimitives.ReadInt64LittleEndian(file));

    /// <summary>The file with another header, and with the hash that it then should have, if it still has a place for one.</summary>
    private static byte[] Forge(string header, byte[] like)
    {
        var data = like.AsSpan(8 + (int)BinaryPrimitives.ReadInt64LittleEndian(like)).ToArray();
        var old = HeaderOf(like);
        var hash = old.Substring(
            old.IndexOf($"\"{SafetensorsWriter.HashKey}\":\"", StringComparison.Ordinal) + SafetensorsWriter.HashKey.Length + 4, 64);
        var open = Encoding.UTF8.GetBytes(header.Replace(hash, SafetensorsWriter.NoHash, StringComparison.Ordinal));
        var right = Convert.ToHexStringLower(SHA256.HashData([.. open, .. data]));
        var bytes = Encoding.UTF8.GetBytes(
            Encoding.UTF8.GetString(open).Replace(SafetensorsWriter.NoHash, right, StringComparison.Ordinal));
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, bytes.Length);
        return [.. length, .. bytes, .. data];
    }

    private void Resume(byte[] bytes)
    {
        File.WriteAllBytes(In("damaged"), bytes);
        Trainer.Resume(In("damaged"), TinyCorpus.Corpus, TinyCorpus.Settings()).Dispose();
    }

    private void Load(byte[] bytes)
    {
        File.WriteAllBytes(In("damaged"), bytes);
        LanguageModel.Load(In("damaged"), TinyCorpus.Settings()).Dispose();
    }

    private string In(string name) => Path.Combine(_folder, name);
}
