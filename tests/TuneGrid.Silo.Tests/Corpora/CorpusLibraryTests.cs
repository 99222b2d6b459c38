using TuneGrid.Cli.Output;
using TuneGrid.Silo.Corpora;
using TuneGrid.Training.Corpora;
using TuneGrid.Training.Corpora.Storybook;

namespace TuneGrid.Silo.Tests.Corpora;

public sealed class CorpusLibraryTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("tunegrid-library-").FullName;

    private CorpusLibrary Library => new(_home, publishedFolder: null);

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public void A_registered_text_outlives_the_users_file()
    {
        var entry = Library.Add("tales", Write("mine.txt", Stories(100)), Write("valid.txt", Stories(5, "other")));
        File.Delete(Path.Combine(_home, "mine.txt"));
        File.Delete(Path.Combine(_home, "valid.txt"));
        var text = Library.Resolve("tales");
        Assert.Equal((100, 5, entry.Hash), (text.Train.Read().Count(), text.Valid.Read().Count(), text.Hash));
        Assert.Equal(text.Hash, CorpusDigest.Describe("tales", text.Train, text.Valid).Hash);
        Assert.Equal(
            (entry.TrainDocuments, entry.TrainBytes, CorpusOrigin.Registered),
            (100, text.Train.Read().Sum(story => story.Length + 1L), entry.Origin));
    }

    [Fact]
    public void Without_a_validation_file_some_stories_are_held_out()
    {
        var entry = Library.Add("tales", Write("mine.txt", Stories(500)), null);
        Assert.Equal(500, entry.TrainDocuments + entry.ValidDocuments);
        Assert.InRange(entry.ValidDocuments, 1, 50);
    }

    [Fact]
    public void The_list_begins_with_the_storybook()
    {
        Library.Add("tales", Write("mine.txt", Stories(10)), null);
        Assert.Equal(["storybook", "tales"], Library.List().Select(entry => entry.Name));
        Assert.Equal(StorybookCorpus.Text.Hash, Library.List()[0].Hash);
    }

    [Fact]
    public void The_same_text_may_be_added_again_but_no_other()
    {
        var mine = Write("mine.txt", Stories(10));
        Assert.Equal(Library.Add("tales", mine, null), Library.Add("tales", mine, null));
        Assert.Contains(
            "another text", Refusal(() => Library.Add("tales", Write("other.txt", Stories(11)), null)), StringComparison.Ordinal);
        Assert.Equal(["tales"], Directory.EnumerateFileSystemEntries(Path.Combine(_home, "corpora")).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("storybook")]
    [InlineData("")]
    [InlineData("Tales")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData(".hidden")]
    public void Names_that_will_not_do_are_refused(string name) => Refusal(() => Library.Add(name, Write("mine.txt", Stories(10)), null));

    [Theory]
    [InlineData("tael", "Did you mean 'tale'?")]
    [InlineData("storibook", "Did you mean 'storybook'?")]
    [InlineData("quite-different", "It has: storybook, tale.")]
    public void An_unknown_name_is_answered_with_the_known_ones(string name, string answer)
    {
        Library.Add("tale", Write("mine.txt", Stories(10)), null);
        Assert.Contains(answer, Refusal(() => Library.Resolve(name)), StringComparison.Ordinal);
    }

    [Fact]
    public void Only_exactly_the_text_asked_for_is_given_to_a_silo()
    {
        var entry = Library.Add("tales", Write("mine.txt", Stories(10)), null);
        Assert.NotNull(Library.ByReference("tales", entry.Hash));
        Assert.Null(Library.ByReference("tales", new string('0', 64)));
        Assert.Null(Library.ByReference("unknown", entry.Hash));
        Assert.Null(Library.ByReference("../tales", entry.Hash));
        Assert.NotNull(Library.ByReference("storybook", StorybookCorpus.Text.Hash));
        Assert.Null(Library.ByReference("storybook", entry.Hash));
    }

    [Fact]
    public void A_changed_copy_is_not_trusted()
    {
        var entry = Library.Add("tales", Write("mine.txt", Stories(10)), null);
        File.AppendAllText(Path.Combine(_home, "corpora", "tales", "train.txt"), "more");
        Assert.Contains("was changed", Refusal(() => Library.Resolve("tales")), StringComparison.Ordinal);
        Assert.Null(Library.ByReference("tales", entry.Hash));
        Assert.Equal(["storybook"], Library.List().Select(each => each.Name));
    }

    [Theory]
    [InlineData("", "holds no text")]
    [InlineData("Just one story.\n<|endoftext|>\n", "single story")]
    [InlineData("Same.\n<|endoftext|>\nSame.\n<|endoftext|>\n", "single story")]
    [InlineData("One.\n<|endoftext|>\nTwo.\n\u0001", null)]
    public void Texts_that_will_not_do_are_refused(string text, string? message)
    {
        var file = Write("mine.txt", text);
        if (message is null)
            Library.Add("tales", file, null);
        else
            Assert.Contains(message, Refusal(() => Library.Add("tales", file, null)), StringComparison.Ordinal);
        Assert.Equal(message is null, Directory.Exists(Path.Combine(_home, "corpora", "tales")));
    }

    [Fact]
    public void Adding_a_text_can_be_stopped_and_leaves_nothing()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        var file = Write("mine.txt", Stories(10));
        Assert.Throws<OperationCanceledException>(() => Library.Add("tales", file, null, stop.Token));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_home, "corpora")));
    }

    [Fact]
    public void Invalid_utf8_is_named_by_place()
    {
        var file = Path.Combine(_home, "latin1.txt");
        File.WriteAllBytes(file, [.. "caf"u8, 0xE9, .. " au lait"u8]);
        Assert.Contains("byte 3, line 1", Refusal(() => Library.Add("tales", file, null)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_named() =>
        Assert.Contains("nowhere.txt", Refusal(() => Library.Add("tales", "nowhere.txt", null)), StringComparison.Ordinal);

    [Fact]
    public void A_damaged_record_is_named()
    {
        Library.Add("tales", Write("mine.txt", Stories(10)), null);
        var record = Path.Combine(_home, "corpora", "tales", "corpus.json");
        foreach (var damaged in new[] { "", "null", "{}", "[1]", "{\"name\":3}" })
        {
            File.WriteAllText(record, damaged);
            Assert.Contains("corpus.json", Refusal(() => Library.Resolve("tales")), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void TinyStories_in_a_folder_counts_as_being_there()
    {
        var library = new CorpusLibrary(_home, _home);
        Assert.Equal("storybook", library.Resolve("auto").Name);
        Write("TinyStories-train.txt", Stories(10));
        Write("TinyStories-valid.txt", Stories(2, "other"));
        var text = library.Resolve("auto");
        Assert.Equal(("tinystories", 10, 2), (text.Name, text.Train.Read().Count(), text.Valid.Read().Count()));
        Assert.Equal(text.Hash, library.Resolve("tinystories").Hash);
        Assert.Equal(CorpusOrigin.Folder, library.List()[1].Origin);
        Write("TinyStories-train.txt", Stories(11));
        Assert.NotEqual(text.Hash, library.Resolve("auto").Hash);
    }

    private static string Stories(int count, string kind = "story") =>
        string.Concat(Enumerable.Range(0, count).Select(i => $"This is {kind} number {i}.\n<|endoftext|>\n"));

    private static string Refusal(Action action) => Assert.Throws<CorpusException>(action).Message;

    private string Write(string name, string text)
    {
        var path = Path.Combine(_home, name);
        File.WriteAllText(path, text);
        return path;
    }
}
