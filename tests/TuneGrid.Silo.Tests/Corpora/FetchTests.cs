using System.Text;
using System.Text.RegularExpressions;
using TuneGrid.Cli.Output;
using TuneGrid.Silo.Corpora;
using TuneGrid.Silo.Corpora.Fetching;
using TuneGrid.Training.Corpora;

namespace TuneGrid.Silo.Tests.Corpora;

public sealed class FetchTests : IDisposable
{
    private const string Tag = "\"v1\"";

    private static readonly byte[] Train = Stories(20_000);
    private static readonly byte[] Valid = Stories(100);

    private readonly string _home = Directory.CreateTempSubdirectory("tunegrid-fetch-").FullName;
    private readonly StalledTime _time = new();

    private FetchOptions Patience => new() { RetryDelay = TimeSpan.Zero, Retries = 3, Time = _time };

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public async Task A_fetched_corpus_is_recorded_with_its_origin()
    {
        using var server = new LoopbackServer((request, stream) => LoopbackServer.ServeAsync(stream, request, FileOf(request), Tag));
        var entry = await FetchAsync(server);
        Assert.Equal((CorpusOrigin.Fetched, 20_000, 100), (entry.Origin, entry.TrainDocuments, entry.ValidDocuments));
        Assert.Equal(entry.Hash, new CorpusLibrary(_home, publishedFolder: null).Resolve("auto").Hash);
        var record = File.ReadAllText(Path.Combine(_home, "corpora", "tinystories", "corpus.json"));
        Assert.Contains(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Train)), record, StringComparison.Ordinal);
        Assert.Contains(server.Address + "/TinyStories-train.txt", record, StringComparison.Ordinal);
        Assert.Equal(entry, await FetchAsync(server));
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task A_password_and_a_token_go_to_the_server_and_are_written_nowhere()
    {
        var cut = true;
        using var server = new LoopbackServer((request, stream) => LoopbackServer.ServeAsync(
            stream, request, request.Path.Contains("train.txt?token=s3cret", StringComparison.Ordinal) ? Train : Valid, Tag,
            most: cut ? 1000 : int.MaxValue));
        var secret = new Uri(server.Address.AbsoluteUri.Replace("//", "//me:s3cret@", StringComparison.Ordinal) + "?token=s3cret");
        var library = new CorpusLibrary(_home, publishedFolder: null);
        using (var soon = new CancellationTokenSource())
        {
            var first = new Collector([], _ => soon.Cancel());
            await Assert.ThrowsAnyAsync<OperationCanceledException>(
                () => library.FetchAsync("tinystories", secret, first, Patience, soon.Token));
        }
        IsWrittenNowhere();
        cut = false;

        await library.FetchAsync("tinystories", secret, null, Patience);

        IsWrittenNowhere();

        void IsWrittenNowhere() => Assert.All(
            Directory.EnumerateFiles(_home, "*", SearchOption.AllDirectories),
            file => Assert.DoesNotContain("s3cret", File.ReadAllText(file), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://me:s3cret@host/train.txt")]
    [InlineData("javascript:alert(1)")]
    [InlineData("gopher://[::1]:s3cret@/x")]
    public async Task A_redirect_to_what_is_no_web_address_is_one_error(string target)
    {
        using var server = new LoopbackServer(
            (_, stream) => LoopbackServer.WriteAsync(stream, "302 Found", [], $"Location: {target}"));
        var secret = new Uri(server.Address.AbsoluteUri.Replace("//", "//me:s3cret@", StringComparison.Ordinal));

        var fault = await Assert.ThrowsAsync<CorpusException>(
            () => new CorpusLibrary(_home, publishedFolder: null).FetchAsync("tinystories", secret, null, Patience));

        Assert.Contains("/data/TinyStories-train.txt", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cut_connections_go_on_where_they_were_cut()
    {
        using var server = new LoopbackServer(
            (request, stream) => LoopbackServer.ServeAsync(stream, request, FileOf(request), Tag, most: 40_000));
        var progress = new List<FetchProgress>();
        var entry = await FetchAsync(server, new Collector(progress));
        Assert.Equal(20_000, entry.TrainDocuments);
        Assert.True(server.Requests.Count > 10);
        var train = progress.Where(step => step.File == "train.txt").ToArray();
        Assert.Equal(train.Select(step => step.Bytes).Order(), train.Select(step => step.Bytes));
        Assert.Equal((Train.Length, Train.Length), (train[^1].Bytes, train[^1].Total));
    }

    [Fact]
    public async Task A_stalled_connection_is_made_anew()
    {
        var stalls = 0;
        using var server = new LoopbackServer(async (request, stream) =>
        {
            await LoopbackServer.ServeAsync(stream, request, FileOf(request), Tag, most: stalls < 2 ? 1000 : int.MaxValue);
            if (stalls++ < 2)
            {
                _time.LetTimersRunOut();
                await stream.ReadExactlyAsync(new byte[1]); // waits for the client to hang up
            }
        });
        Assert.Equal(20_000, (await FetchAsync(server)).TrainDocuments);
        Assert.Equal(4, server.Requests.Count);
    }

    [Fact]
    public async Task Cancelling_keeps_what_came_for_the_next_time()
    {
        using var cancellation = new CancellationTokenSource();
        using (var server = new LoopbackServer(async (request, stream) =>
        {
            await LoopbackServer.ServeAsync(stream, request, FileOf(request), Tag, most: 50_000);
            await stream.ReadExactlyAsync(new byte[1]);
        }))
        {
            var stop = new Collector([], step => { if (step.Bytes == 50_000) cancellation.Cancel(); });
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => FetchAsync(server, stop, cancellation.Token));
        }
        // The address is part of what the bytes are of, so the next server must stand in the same place: the notes are moved there.
        using var next = new LoopbackServer((request, stream) => LoopbackServer.ServeAsync(stream, request, FileOf(request), Tag));
        var notes = Path.Combine(_home, "corpora", ".fetch", "train.txt.part.json");
        var moved = Regex.Replace(
            File.ReadAllText(notes),
            "http://[^/]*/",
            next.Address.GetLeftPart(UriPartial.Authority) + "/",
            RegexOptions.None,
            TimeSpan.FromSeconds(1));
        File.WriteAllText(notes, moved);
        Assert.Equal(20_000, (await FetchAsync(next)).TrainDocuments);
        Assert.Equal((50_000, Tag), (next.Requests[0].From, next.Requests[0].IfRange));
    }

    [Fact]
    public async Task A_server_that_ignores_ranges_sends_all_again()
    {
        var requests = 0;
        using var server = new LoopbackServer((request, stream) => LoopbackServer.ServeAsync(
            stream, request with { From = null }, FileOf(request), Tag, most: requests++ == 0 ? 5000 : int.MaxValue));
        Assert.Equal(20_000, (await FetchAsync(server)).TrainDocuments);
        Assert.Equal(5000, server.Requests[1].From);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_that_changes_meanwhile_is_fetched_anew(bool heedsIfRange)
    {
        var requests = 0;
        using var server = new LoopbackServer((request, stream) => requests++ == 0
            ? LoopbackServer.ServeAsync(stream, request, Stories(30_000), Tag, most: 5000)
            : LoopbackServer.ServeAsync(stream, heedsIfRange ? request : request with { IfRange = null }, FileOf(request), "\"v2\""));
        Assert.Equal(20_000, (await FetchAsync(server)).TrainDocuments);
    }

    [Fact]
    public async Task A_server_that_lies_about_the_length_is_named()
    {
        using var server = new LoopbackServer(
            (_, stream) => LoopbackServer.WriteAsync(stream, "200 OK", Valid, $"Content-Length: {Valid.Length + 7}"));
        Assert.Contains("could not be fetched", await RefusalAsync(server), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Passing_faults_are_retried()
    {
        var requests = 0;
        using var server = new LoopbackServer((request, stream) => requests++ switch
        {
            0 => LoopbackServer.WriteAsync(stream, "503 Service Unavailable", [], "Content-Length: 0"),
            1 => LoopbackServer.WriteAsync(stream, "429 Too Many Requests", [], "Content-Length: 0"),
            2 => Task.CompletedTask,
            _ => LoopbackServer.ServeAsync(stream, request, FileOf(request), Tag),
        });
        Assert.Equal(20_000, (await FetchAsync(server)).TrainDocuments);
    }

    [Fact]
    public async Task Lasting_faults_are_given_up_after_a_while()
    {
        using var server = new LoopbackServer(
            (_, stream) => LoopbackServer.WriteAsync(stream, "500 Internal Server Error", [], "Content-Length: 0"));
        Assert.Contains("answered 500", await RefusalAsync(server), StringComparison.Ordinal);
        Assert.Equal(4, server.Requests.Count);
    }

    [Fact]
    public async Task A_wrong_address_is_not_tried_twice()
    {
        using var server = new LoopbackServer((_, stream) => LoopbackServer.WriteAsync(stream, "404 Not Found", [], "Content-Length: 0"));
        Assert.Contains("is the address right", await RefusalAsync(server), StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("Content-Type: text/html; charset=utf-8", "hello")]
    [InlineData("Content-Type: text/plain", "\n<!DOCTYPE html><title>Sign in</title>")]
    public async Task A_web_page_is_no_corpus(string type, string page)
    {
        using var server = new LoopbackServer(
            (_, stream) => LoopbackServer.WriteAsync(stream, "200 OK", Encoding.ASCII.GetBytes(page), type));
        Assert.Contains("is a web page", await RefusalAsync(server), StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_file_larger_than_the_disk_is_refused_before_it_comes()
    {
        using var server = new LoopbackServer(
            (_, stream) => LoopbackServer.WriteAsync(stream, "200 OK", Valid, "Content-Length: 4611686018427387904"));
        Assert.Contains("no room", await RefusalAsync(server), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_that_is_no_utf8_leaves_nothing_behind()
    {
        using var server = new LoopbackServer(
            (_, stream) => LoopbackServer.WriteAsync(stream, "200 OK", [65, 0xFF, 66], "Content-Length: 3"));
        Assert.Contains("not valid UTF-8 at byte 1", await RefusalAsync(server), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_home, "corpora", "tinystories")));
        Assert.Empty(Directory.GetFiles(Path.Combine(_home, "corpora", ".fetch"), "*.txt*"));
    }

    [Fact]
    public async Task Only_tinystories_is_published() =>
        Assert.Contains(
            "cannot be fetched",
            (await Assert.ThrowsAsync<CorpusException>(() => new CorpusLibrary(_home, publishedFolder: null).FetchAsync("mine"))).Message,
            StringComparison.Ordinal);

    private static byte[] FileOf(LoopbackServer.Request request) =>
        request.Path.EndsWith("train.txt", StringComparison.Ordinal) ? Train : Valid;

    private static byte[] Stories(int count) =>
        Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, count).Select(i => $"Story {i}.\n<|endoftext|>\n")));

    private Task<CorpusEntry> FetchAsync(
        LoopbackServer server, IProgress<FetchProgress>? progress = null, CancellationToken cancellation = default) =>
        new CorpusLibrary(_home, publishedFolder: null).FetchAsync(
            "tinystories",
            server.Address,
            progress,
            Patience,
            cancellation);

    private async Task<string> RefusalAsync(LoopbackServer server) =>
        (await Assert.ThrowsAsync<CorpusException>(() => FetchAsync(server))).Message;

    private sealed class Collector(List<FetchProgress> steps, Action<FetchProgress>? also = null) : IProgress<FetchProgress>
    {
        public void Report(FetchProgress value)
        {
            steps.Add(value);
            also?.Invoke(value);
        }
    }
}
