using TuneGrid.Coordination.Ports;

namespace TuneGrid.Coordination.Silos;

/// <summary>
/// The store's clock without asking for it each time: as last heard, carried on by the monotonic clock here. Good for times that are only recorded and shown;
/// what is compared with the store's own times must be asked of the store.
/// </summary>
internal sealed class StoreClock(IStudyStore store, TimeProvider time)
{
    private static readonly TimeSpan Trusted = TimeSpan.FromSeconds(30);
    private DateTimeOffset _heard;
    private long? _heardAt;

    public async ValueTask<DateTimeOffset> NowAsync(CancellationToken cancellation)
    {
        if (_heardAt is { } at && time.GetElapsedTime(at) < Trusted)
            return _heard + time.GetElapsedTime(at);
        _heard = await store.NowAsync(cancellation);
        _heardAt = time.GetTimestamp();
        return _heard;
    }
}
