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
    [InlineData("tunegrid.corpus_hash", "other")]
    public void A_forged_value_is_refused_even_with_a_fitting_hash(string key, string value)
    {
        var json = System.Text.Json.Nodes.JsonNode.Parse(HeaderOf(_checkpoint))!;
        json["__metadata__"]![key] = value;
        var exception = Record.Exception(() => Resume(Forge(json.ToJsonString(), _checkpoint)));
        Assert.True(exception is CheckpointException or TrainingRefusedException, exception?.ToString() ?? "it was taken");
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
