using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using TuneGrid.Storage;
using TuneGrid.Training.Corpora;

namespace TuneGrid.Silo.Corpora.Fetching;

/// <summary>
/// Downloads one file, going on where it was cut (RFC 9110, sections 13.1.5 and 14). Faults that may pass are retried; a wrong address, a
/// web page in the text's place or a full disk are not.
/// </summary>
internal sealed class FileDownload(HttpClient client, Uri address, string path, FetchOptions options, IProgress<FetchProgress>? progress)
{
    private const int BlockBytes = 1 << 16;

    private readonly PartialFile _file = new(path);

    /// <summary>What people and files are told: a password or a token in it is nobody's business.</summary>
    private readonly string _shown = Secrets.Mask(address);
    private long _most = new PartialFile(path).Bytes;

    /// <exception cref="CorpusException">It cannot be had; the message says why.</exception>
    /// <exception cref="OperationCanceledException">The bytes so far are kept for the next time.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var retries = RetryPipeline.Create(
            "fetch", (e, _) => e is TransientFetchException, options.Retries, options.RetryDelay, TimeSpan.FromMinutes(1), options.Time);
        try
        {
            // Only attempts in a row that gain nothing count: a long file over a poor line is cut many times and still comes.
            while (!_file.IsComplete)
                await retries.ExecuteAsync(AttemptAsync, cancellation).ConfigureAwait(false);
        }
        // What .NET says of a redirect that it can't follow.
        catch (Exception e) when (e is NotSupportedException or UriFormatException)
        {
            throw new CorpusException($"{_shown} sends elsewhere, and only http and https can be fetched: {e.Message}", e);
        }
        catch (TransientFetchException e)
        {
            throw new CorpusException(
                $"{_shown} could not be fetched: {e.Message}. What came so far is kept; run the command again to go on", e);
        }
    }

    /// <summary>Returns when the file is complete, or when it was cut but is longer than ever before.</summary>
    private async ValueTask AttemptAsync(CancellationToken cancellation)
    {
        using var stall = new CancellationTokenSource(options.StallTimeout, options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, stall.Token);
        try
        {
            await ReceiveAsync(stall, either.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (
            !cancellation.IsCancellationRequested && e is TransientFetchException or HttpRequestException or OperationCanceledException)
        {
            if (_file.Bytes > _most)
            {
                _most = _file.Bytes;
                return;
            }
            throw e as TransientFetchException
                ?? new TransientFetchException(
                    stall.IsCancellationRequested ? $"nothing came for {options.StallTimeout.TotalSeconds:0} s" : e.Message.TrimEnd('.'),
                    e);
        }
    }

    private async Task ReceiveAsync(CancellationTokenSource stall, CancellationToken cancellation)
    {
        var known = _file.Remote(_shown);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        // Not sent on to where a redirect leads.
        if (address.UserInfo.Length > 0)
        {
            var user = Encoding.UTF8.GetBytes(Uri.UnescapeDataString(address.UserInfo));
            request.Headers.Authorization = new("Basic", Convert.ToBase64String(user));
        }
        if (known is not null)
        {
            request.Headers.Range = new RangeHeaderValue(_file.Bytes, null);
            if (known.ETag is not null)
                request.Headers.IfRange = new RangeConditionHeaderValue(EntityTagHeaderValue.Parse(known.ETag));
        }
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && known is not null)
        {
            FinishOrDiscard(response, known);
            return;
        }
        RequireText(response);
        var total = Begin(response, known);
        RequireRoom(total);
        await CopyAsync(response, total, stall, cancellation).ConfigureAwait(false);
        if (total is not null && _file.Bytes != total)
        {
            throw new TransientFetchException(
                string.Create(CultureInfo.InvariantCulture, $"the connection was cut after {_file.Bytes} of {total} bytes"));
        }
        _file.Complete();
    }

    /// <summary>Decides whether these bytes continue those we have; returns the whole file's length.</summary>
    private long? Begin(HttpResponseMessage response, RemoteFile? known)
    {
        var range = response.Content.Headers.ContentRange;
        // Only a strong tag promises the same bytes, so a weak one cannot be used to continue.
        var tag = response.Headers.ETag is { IsWeak: false } strong ? strong.ToString() : null;
        if (response.StatusCode == HttpStatusCode.PartialContent)
        {
            if (known is not null && range?.From == _file.Bytes && range.Length == known.Bytes && tag == known.ETag)
                return known.Bytes;
            _file.Discard();
            throw new TransientFetchException("the file changed on the server while it was fetched");
        }
        var total = response.Content.Headers.ContentLength;
        _file.Restart(new RemoteFile(_shown, tag, total));
        return total;
    }

    private void FinishOrDiscard(HttpResponseMessage response, RemoteFile known)
    {
        if (known.Bytes == _file.Bytes && response.Content.Headers.ContentRange?.Length == _file.Bytes)
        {
            _file.Complete();
            return;
        }
        _file.Discard();
        throw new TransientFetchException("the server does not know the part that is missing");
    }

    private void RequireText(HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        if (status is 408 or 429 or >= 500)
        {
            throw new TransientFetchException(
                string.Create(CultureInfo.InvariantCulture, $"the server answered {status} {response.ReasonPhrase}"));
        }
        if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.PartialContent))
        {
            throw new CorpusException(string.Create(
                CultureInfo.InvariantCulture, $"{_shown}: the server answered {status} {response.ReasonPhrase}; is the address right?"));
        }
        if (response.Content.Headers.ContentType?.MediaType is "text/html" or "application/xhtml+xml")
            throw WebPage();
    }

    private CorpusException WebPage() =>
        new($"{_shown} is a web page, not a text file; is the address right, or does a network sign-in page stand before it?");

    private void RequireRoom(long? total)
    {
        var free = new DriveInfo(Path.GetDirectoryName(Path.GetFullPath(path))!).AvailableFreeSpace;
        if (total - _file.Bytes > free)
        {
            throw new CorpusException(string.Create(
                CultureInfo.InvariantCulture,
                $"no room for {_shown}: {total - _file.Bytes} bytes are still to come, and {free} are free at '{path}'"));
        }
    }

    private async Task CopyAsync(HttpResponseMessage response, long? total, CancellationTokenSource stall, CancellationToken cancellation)
    {
        using var body = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        var block = new byte[BlockBytes];
        await using var file = _file.Append();
        int read;
        while ((read = await ReadAsync(body, block, cancellation).ConfigureAwait(false)) > 0)
        {
            if (file.Position == 0 && LooksLikeWebPage(block.AsSpan(0, read)))
                throw WebPage();
            file.Write(block.AsSpan(0, read));
            file.Flush();
            stall.CancelAfter(options.StallTimeout);
            progress?.Report(new FetchProgress(Path.GetFileName(path), file.Position, total));
        }
    }

    private static bool LooksLikeWebPage(ReadOnlySpan<byte> start)
    {
        start = start.TrimStart("\uFEFF \t\r\n"u8);
        return start.StartsWith("<!DOCTYPE"u8) || start.StartsWith("<!doctype"u8) || start.StartsWith("<html"u8);
    }

    /// <summary>
    /// What goes wrong with the connection may pass; what goes wrong with our own disk stays an <see cref="IOException"/> and ends the
    /// download.
    /// </summary>
    private static async ValueTask<int> ReadAsync(Stream body, byte[] block, CancellationToken cancellation)
    {
        try
        {
            return await body.ReadAsync(block, cancellation).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            throw new TransientFetchException("the connection was cut", e);
        }
    }
}
