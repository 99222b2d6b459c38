using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace TuneGrid.Silo.Security;

/// <summary>
/// The two directions of a connection, unchanged; remembers whether it was the other side that closed it. Whoever waits for bytes is told
/// the same when we close it ourselves, to leave or for want of patience, and that is no refusal.
/// </summary>
internal sealed class WatchedTransport(IDuplexPipe inner) : PipeReader, IDuplexPipe
{
    private volatile bool _isClosedByPeer;

    public bool IsClosedByPeer => _isClosedByPeer;

    public PipeReader Input => this;

    public PipeWriter Output => inner.Output;

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        var read = inner.Input.ReadAsync(cancellationToken);
        return read.IsCompletedSuccessfully ? new(Note(read.Result)) : NoteAsync(read);
    }

    public override bool TryRead(out ReadResult result)
    {
        var hasRead = inner.Input.TryRead(out result);
        if (hasRead)
            Note(result);
        return hasRead;
    }

    public override void AdvanceTo(SequencePosition consumed) => inner.Input.AdvanceTo(consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => inner.Input.AdvanceTo(consumed, examined);

    public override void CancelPendingRead() => inner.Input.CancelPendingRead();

    public override void Complete(Exception? exception = null) => inner.Input.Complete(exception);

    private async ValueTask<ReadResult> NoteAsync(ValueTask<ReadResult> read)
    {
        try
        {
            return Note(await read);
        }
        catch (ConnectionResetException)
        {
            _isClosedByPeer = true;
            throw;
        }
    }

    private ReadResult Note(ReadResult read)
    {
        _isClosedByPeer |= read.IsCompleted;
        return read;
    }
}
