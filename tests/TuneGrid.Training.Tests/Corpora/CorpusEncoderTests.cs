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
    public void Caches_that_were_exchanged_are_made_again()
    {
        var first = CorpusEncoder.Encode(Corpus, 300, _folder);
        var (train, valid) = (Directory.GetFiles(_folder, "*-train-*").Single(), Directory.GetFiles(_folder, "*-valid-*").Single());
        File.Move(train, train + ".x");
        File.Move(valid, train);
        File.Move(train + ".x", valid);
        var second = CorpusEncoder.Encode(Corpus, 300, _folder);
        Assert.Equal(first.Train.Tokens, second.Train.Tokens);
        Assert.Equal(first.Valid.Tokens, second.Valid.Tokens);
    }

    [Fact]
    public void Another_corpus_s_tokenizer_under_this_one_s_name_is_made_again()
    {
        var other = MemorySource.Corpus(["once upon a time", "the end"], ["a cat"]);
        var first = CorpusEncoder.Encode(Corpus, 300, _folder).Tokenizer.Hash;
        var mine = Directory.GetFiles(_folder, "*.tokenizer.json").Single();
        CorpusEncoder.Encode(other, 300, _folder);
        File.Copy(Directory.GetFiles(_folder, "*.tokenizer.json").Single(f => f != mine), mine, overwrite: true);
        Assert.Equal(first, CorpusEncoder.Encode(Corpus, 300, _folder).Tokenizer.Hash);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_text_damaged_in_either_part_is_named_and_leaves_no_cache(bool isTrain)
    {
        var (good, bad) = (new StorybookSource(0, 300), new StorybookSource(5000, 300));
        var corpus = CorpusDigest.Describe("tales", good, good);
        corpus = (isTrain ? corpus with { Train = bad } : corpus with { Valid = bad }) with { Mend = "mend it so" };
        var message = Assert.Throws<CorpusException>(() => CorpusEncoder.Encode(corpus, 300, _folder)).Message;
        Assert.Equal(
            $"the {(isTrain ? "training" : "validation")} text of corpus 'tales' was changed or damaged: "
            + $"it does not match its hash {corpus.Hash[..8]}; mend it so",
            message);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_text_that_is_damaged_while_it_is_encoded_leaves_no_tokens()
    {
        // Sound when it is looked over and learned from; damaged the third time.
        var stories = new StorybookSource(0, 300);
        var corpus = CorpusDigest.Describe("tales", stories, stories) with { Train = new RottingSource(stories, soundReadings: 2) };
        var message = Assert.Throws<CorpusException>(() => CorpusEncoder.Encode(corpus, 300, _folder)).Message;
        Assert.Contains("the training text of corpus 'tales' was changed", message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder, "*.tokens*"));
    }

    [Fact]
    public void A_text_that_an_older_release_described_is_checked_as_a_whole()
    {
        var sound = Corpus with { TrainPart = Corpus.TrainPart with { Hash = null }, ValidPart = Corpus.ValidPart with { Hash = null } };
        Assert.Equal(Corpus.Hash, CorpusEncoder.Encode(sound, 300, _folder).Hash);
        var damaged = sound with { Valid = new StorybookSource(900_001, 50) };
        Assert.Throws<CorpusException>(() => CorpusEncoder.Encode(damaged, 400, _folder));
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

    /// <summary>A disk that flips a bit after some readings.</summary>
    private sealed class RottingSource(IDocumentSource source, int soundReadings) : IDocumentSource
    {
        private int _readings;

        public IEnumerable<ReadOnlyMemory<byte>> Read()
        {
            var isSound = ++_readings <= soundReadings;
            return source.Read().Select((story, i) => isSound || i != 7 ? story : Flipped(story));
        }

        private static ReadOnlyMemory<byte> Flipped(ReadOnlyMemory<byte> story)
        {
            var bytes = story.ToArray();
            bytes[0] ^= 1;
            return bytes;
        }
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
