using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace TuneGrid.Silo.Tests.Corpora;

/// <summary>A web server of the worst manners: each request is answered by the test, byte for byte, over a raw socket.</summary>
internal sealed class LoopbackServer : IDisposable
{
    public sealed record Request(string Path, long? From, string? IfRange);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<Request, Stream, Task> _answer;
    private readonly CancellationTokenSource _stop = new();

    public LoopbackServer(Func<Request, Stream, Task> answer)
    {
        _answer = answer;
        _listener.Start();
        _ = ServeAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/data");

    public List<Request> Requests { get; } = [];

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Stop();
    }

    /// <summary>Writes an answer whose headers may promise anything.</summary>
    public static async Task WriteAsync(Stream stream, string status, byte[] body, params string[] headers)
    {
        var head = $"HTTP/1.1 {status}\r\nConnection: close\r\n{string.Concat(headers.Select(header => header + "\r\n"))}\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head));
        await stream.WriteAsync(body);
        await stream.FlushAsync();
    }

    /// <summary>Serves a file as it should be, but at most <paramref name="most"/> bytes of it before the connection is cut.</summary>
    public static Task ServeAsync(Stream stream, Request request, byte[] file, string etag, int most = int.MaxValue)
    {
        var from = request.From is { } start && (request.IfRange is null || request.IfRange == etag) ? (int)start : 0;
        var body = file[from..Math.Min(file.Length, (int)Math.Min(int.MaxValue, from + (long)most))];
        return from == 0
            ? WriteAsync(stream, "200 OK", body, $"Content-Length: {file.Length}", $"ETag: {etag}")
            : WriteAsync(
                stream,
                "206 Partial Content",
                body,
                $"Content-Length: {file.Length - from}",
                $"Content-Range: bytes {from}-{file.Length - 1}/{file.Length}",
                $"ETag: {etag}");
    }

    private async Task ServeAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await using var stream = client.GetStream();
                var request = await ReadAsync(stream);
                Requests.Add(request);
                await _answer(request, stream);
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // The client left, or the test ended.
            }
        }
    }

    private static async Task<Request> ReadAsync(Stream stream)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        var path = (await reader.ReadLineAsync() ?? "").Split(' ')[1];
        var (from, ifRange) = ((long?)null, (string?)null);
        while (await reader.ReadLineAsync() is { Length: > 0 } header)
        {
            if (header.StartsWith("Range: bytes=", StringComparison.OrdinalIgnoreCase))
                from = long.Parse(header["Range: bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture);
            if (header.StartsWith("If-Range: ", StringComparison.OrdinalIgnoreCase))
                ifRange = header["If-Range: ".Length..];
        }
        return new Request(path, from, ifRange);
    }
}
