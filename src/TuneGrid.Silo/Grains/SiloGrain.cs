using TuneGrid.Coordination.Silos;

namespace TuneGrid.Silo.Grains;

/// <inheritdoc cref="ISiloGrain"/>
[OnSilo, GrainType(Type)]
internal sealed class SiloGrain(GrainServices grid) : Grain, ISiloGrain
{
    public const string Type = "silo";

    public Task WakeAsync()
    {
        grid.Signal.Pulse();
        return Task.CompletedTask;
    }

    public async Task<bool> DrainAsync(DrainRequest request)
    {
        // In the store first: what follows may be lost with this process, the request must not be.
        var isKnown = await grid.Store.RequestDrainAsync(grid.Silo.Id, request, CancellationToken.None);
        if (request == DrainRequest.Now)
            grid.Segments.PauseAll();
        grid.Signal.Pulse();
        return isKnown;
    }
}
