using TuneGrid.Coordination.Json;

namespace TuneGrid.Silo.Grains;

/// <inheritdoc cref="ISiloGrain"/>
[OnSilo, GrainType("silo")]
internal sealed class SiloGrain(GridServices grid) : Grain, ISiloGrain
{
    public Task WakeAsync()
    {
        grid.Signal.Pulse();
        return Task.CompletedTask;
    }

    public async Task<byte[]> DescribeAsync()
    {
        // The store has its newest word: status, what it does, its calibration.
        var row = (await grid.Store.SilosAsync(CancellationToken.None)).FirstOrDefault(s => s.Silo.Id == grid.Silo.Id);
        return EventJson.WriteSilo(row?.Silo ?? grid.Silo);
    }

    public async Task DrainAsync()
    {
        await grid.Store.RequestDrainAsync(grid.Silo.Id, CancellationToken.None);
        grid.Signal.Pulse();
    }
}
