using TuneGrid.Coordination.Json;
using TuneGrid.Coordination.Trials;

namespace TuneGrid.Silo.Grains;

/// <inheritdoc cref="ITrialGrain"/>
[OnSilo, GrainType("trial")]
internal sealed class TrialGrain(GridServices grid) : Grain, ITrialGrain
{
    public Task<bool> StartAsync(int segment)
    {
        if (Mine is { } mine && mine.Order.Segment == segment)
        {
            _ = mine.Start();
            return Task.FromResult(true);
        }
        // Left over from an earlier segment on this silo.
        DeactivateOnIdle();
        return Task.FromResult(false);
    }

    public Task<bool> PauseAsync()
    {
        Mine?.Pause();
        return IsMine();
    }

    public Task<bool> AbandonAsync()
    {
        Mine?.Abandon();
        return IsMine();
    }

    public Task<ProgressMessage?> ProgressAsync()
        => Task.FromResult(Mine is { Latest: { } latest } mine ? new ProgressMessage(mine.Order.Trial.Number, EventJson.WriteProgress(latest)) : null);

    public Task EndedAsync(int segment)
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    private LocalSegment? Mine => grid.Segments.Find(this.GetPrimaryKeyString());

    private Task<bool> IsMine()
    {
        if (Mine is not null)
            return Task.FromResult(true);
        DeactivateOnIdle();
        return Task.FromResult(false);
    }
}
