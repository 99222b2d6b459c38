using TuneGrid.Training.Corpora;
using TuneGrid.Training.Corpora.Storybook;
using TuneGrid.Training.Tokenization;

namespace TuneGrid.Training.Tests.Corpora;

public sealed class CorpusEncoderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tunegrid-encoder-").FullName;

    private static CorpusText Corpus { get; } = CorpusDigest.Describe(
        "stories", new StorybookSource(0, 1500), new StorybookSource(900_000, 50));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_document_comes_back_in_order()
    {
        var encoded = CorpusEncoder.Encode(Corpus, 512, _folder);
        var i = 0;
        foreach (var document in Corpus.Train.Read())
        {
            var start = encoded.Train.DocumentStarts[i++];
            var end = i < encoded.Train.DocumentStarts.Length ? encoded.Train.DocumentStarts[i] : encoded.Train.Tokens.Length;
            Assert.Equal(Tokenizer.EndOfText, encoded.Train.Tokens[end - 1]);
            Assert.Equal(document.ToArray(), encoded.Tokenizer.Decode(encoded.Train.Tokens.AsSpan(start..(end - 1))));
        }
        Assert.Equal(1500, i);
        Assert.Equal(Corpus.TrainPart.Bytes, encoded.Train.Bytes);
        Assert.Equal(Corpus.ValidPart.Bytes, encoded.Valid.Bytes);
        Assert.Equal(Corpus.Hash, encoded.Hash);
    }

    [Fact]
    public void A_second_time_everything_is_there()
    {
        var first = CorpusEncoder.Encode(Corpus, 512, _folder);
        var second = CorpusEncoder.Encode(Corpus, 512, _folder, line => Assert.Fail(line));
        Assert.Equal(first.Train.Tokens, second.Train.Tokens);
        Assert.Equal(first.Train.DocumentStarts, second.Train.DocumentStarts);
        Assert.Equal(first.Tokenizer.Hash, second.Tokenizer.Hash);
    }

    [Fact]
    public void Damaged_files_are_made_again()
    {
        var first = CorpusEncoder.Encode(Corpus, 300, _folder);
        var files = Directory.GetFiles(_folder);
        Assert.Equal(3, files.Length);
        foreach (var file in files)
        {
            var content = File.ReadAllBytes(file);
            byte[] flipped = [.. content[..50], (byte)(content[50] ^ 1), .. content[51..]];
            foreach (var damaged in new[] { [], content[..^1], content[..(content.Length / 2)], flipped })
            {
                File.WriteAllBytes(file, damaged);
                Assert.Equal(first.Train.Tokens, CorpusEncoder.Encode(Corpus, 300, _folder).Train.Tokens);
                Assert.Equal(content, File.ReadAllBytes(file));
            }
        }
    }

    [Fact]
    public void Many_may_build_the_same_cache_at_once()
    {
        var encoded = new EncodedCorpus[4];
        Parallel.For(0, encoded.Length, i => encoded[i] = CorpusEncoder.Encode(Corpus, 400, _folder));
        Assert.All(encoded, corpus => Assert.Equal(encoded[0].Train.Tokens, corpus.Train.Tokens));
        Assert.Equal(3, Directory.GetFiles(_folder).Length);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_named()
    {
        var file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");
        Assert.Contains(
            file, Assert.Throws<CorpusException>(() => CorpusEncoder.Encode(Corpus, 300, file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_hash_depends_on_the_documents_and_their_side_alone()
    {
        var hash = MemorySource.Corpus(["a", "b"], ["c"]).Hash;
        Assert.Equal(hash, MemorySource.Corpus(["a", "b"], ["c"]).Hash);
        Assert.NotEqual(hash, MemorySource.Corpus(["ab"], ["c"]).Hash);
        Assert.NotEqual(hash, MemorySource.Corpus(["a"], ["b", "c"]).Hash);
        Assert.NotEqual(hash, MemorySource.Corpus(["b", "a"], ["c"]).Hash);
    }
}
