using TuneGrid.Coordination;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Silos;

namespace TuneGrid.Cli.Live;

/// <summary>The silos that say why they are idle though there is work; asked for every few seconds only, as often as they speak.</summary>
/// <param name="timeToLive">How long a silo counts as alive after its last word.</param>
internal sealed class IdleSilos(IStudyStore store, StudyId study, TimeSpan timeToLive)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private IReadOnlyList<string> _lines = [];
    private long? _readAt;

    /// <summary>Returns a line for each such silo that serves the study.</summary>
    public async ValueTask<IReadOnlyList<string>> ReadAsync(CancellationToken cancellation)
    {
        if (_readAt is { } readAt && TimeProvider.System.GetElapsedTime(readAt) < Every)
            return _lines;
        _readAt = TimeProvider.System.GetTimestamp();
        var now = await store.NowAsync(cancellation);
        return _lines = [.. from row in await store.SilosAsync(cancellation)
                            where row.IsAlive(now, timeToLive) && row.Silo.IdleReason.Length > 0 && Serves(row.Silo)
                            orderby row.Silo.Id.Value
                            select $"{row.Silo.Id} is idle: {row.Silo.IdleReason}"];
    }

    private bool Serves(SiloDescription silo) => silo.Study is null || silo.Study == study;
}
