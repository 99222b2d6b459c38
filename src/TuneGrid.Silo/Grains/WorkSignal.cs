namespace TuneGrid.Silo.Grains;

/// <summary>Wakes one waiter. A pulse that comes while nobody waits is kept, a second one adds nothing.</summary>
internal sealed class WorkSignal
{
    private readonly SemaphoreSlim _pulse = new(0, 1);

    public void Pulse()
    {
        try
        {
            _pulse.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody was faster: one wake-up is as good as two.
        }
    }

    public Task WaitAsync(CancellationToken cancellation) => _pulse.WaitAsync(cancellation);
}
