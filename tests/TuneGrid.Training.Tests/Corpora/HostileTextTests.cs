using System.Text;
using TuneGrid.Training.Corpora;
using TuneGrid.Training.Tests.Model;
using TuneGrid.Training.Tokenization;

namespace TuneGrid.Training.Tests.Corpora;

/// <summary>
/// Texts, tokenizers and token files that were cut, flipped or forged: refused by name, or read for what they are, in bounded memory.
/// </summary>
public sealed class HostileTextTests : IDisposable
{
    private const long Slack = 1 << 20;
    private readonly string _folder = Directory.CreateTempSubdirectory("tunegrid-hostile-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Mutated_texts_are_refused_or_come_back_whole() => ReadTexts(5000);

    [Fact]
    [Trait("Category", "Slow")]
    public void A_hundred_thousand_mutated_texts_are_refused_or_come_back_whole() => ReadTexts(100_000);

    [Fact]
    public void Mutated_tokenizers_are_refused_or_the_same() => ReadTokenizers(3000);

    [Fact]
    [Trait("Category", "Slow")]
    public void A_hundred_thousand_mutated_tokenizers_are_refused_or_the_same() => ReadTokenizers(100_000);

    [Fact]
    public void A_token_file_flipped_or_cut_anywhere_is_not_read()
    {
        var path = Path.Combine(_folder, "tokens");
        var identity = TokenFile.Identity("corpus", "tokenizer", "train");
        using (var stream = File.Create(path))
            TokenFile.Write(stream, [new([1, 2, 3, 0, 4, 0], [4, 2], 9)], identity);
        var whole = File.ReadAllBytes(path);
        Assert.NotNull(TokenFile.TryRead(path, identity));
        Assert.Null(TokenFile.TryRead(path, TokenFile.Identity("corpus", "tokenizer", "valid")));
        for (var at = 0; at < whole.Length; at++)
        {
            File.WriteAllBytes(path, whole[..at]);
            Assert.Null(TokenFile.TryRead(path, identity));
            var flipped = (byte[])whole.Clone();
            flipped[at] ^= (byte)(1 << (at % 8));
            File.WriteAllBytes(path, flipped);
            Assert.Null(TokenFile.TryRead(path, identity));
        }
    }

    private static void ReadTexts(int count)
    {
        var good = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 12)
            .Select(i => $"Story {i}: the fox — called Åse — saw 日本 and 🦊.\n\nThe end.\r\n<|endoftext|>\n")));
        var tokenizer = TinyCorpus.Corpus.Tokenizer;
        var refused = 0;
        for (var seed = 0; seed < count; seed++)
        {
            var text = Mutate(good, new Random(seed));
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                var tokens = DocumentReader.EncodeText(text, tokenizer);
                var documents = DocumentReader.Read(text).ToList();
                Assert.Equal(documents.Count, tokens.DocumentStarts.Length);
                Assert.Equal(documents.Sum(d => d.Length + 1L), tokens.Bytes);
                var first = tokens.Tokens.AsSpan(0, tokens.Tokens.AsSpan().IndexOf((ushort)Tokenizer.EndOfText));
                Assert.Equal(documents[0].ToArray(), tokenizer.Decode(first));
            }
            catch (CorpusException)
            {
                refused++;
            }
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (5L * 4 << 20) + (100L * text.Length) + Slack);
        }
        Assert.InRange(refused, count / 4, count - (count / 50));
    }

    private static void ReadTokenizers(int count)
    {
        var tokenizer = Tokenizer.Train([Encoding.UTF8.GetBytes("the cat saw the cow that sat there, then they ate the hay")], 280);
        var good = Encoding.UTF8.GetBytes(tokenizer.ToJson());
        var refused = 0;
        for (var seed = 0; seed < count; seed++)
        {
            var json = Encoding.UTF8.GetString(Mutate(good, new Random(seed)));
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                Assert.Equal(tokenizer.Hash, Tokenizer.FromJson(json).Hash);
            }
            catch (FormatException)
            {
                refused++;
            }
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (200L * json.Length) + (4 * Slack));
        }
        Assert.InRange(refused, count / 2, count - 1);
    }

    /// <summary>One to three cuts, flips, repeats or zeros at random places.</summary>
    private static byte[] Mutate(byte[] good, Random random)
    {
        var bytes = good.ToList();
        for (var left = random.Next(1, 4); left > 0 && bytes.Count > 0; left--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes.RemoveRange(at, Math.Min(bytes.Count - at, random.Next(1, 9)));
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(bytes.Count - at, random.Next(200))));
                    break;
                case 3:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                default:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
            }
        }
        return [.. bytes];
    }
}
