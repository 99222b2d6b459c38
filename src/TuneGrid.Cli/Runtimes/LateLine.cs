using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Scheduling;
using TuneGrid.Silo.Hosting;

namespace TuneGrid.Cli.Runtimes;

/// <summary>A line to the cluster of a study that is opened as soon as there is one: silos may well come after the search.</summary>
internal sealed class LateLine : IStudyLine
{
    private static readonly TimeSpan TryEvery = TimeSpan.FromSeconds(2);
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _hungUp = new();
    private readonly Task<IStudyLine?> _opening;

    /// <param name="open">Answers null where there is no cluster yet.</param>
    public LateLine(Func<CancellationToken, Task<IStudyLine?>> open, TimeProvider time)
    {
        _time = time;
        _opening = OpenAsync(open);
    }

    public SegmentProgress? ProgressOf(TrialId trial) => _opening is { IsCompletedSuccessfully: true, Result: { } line } ? line.ProgressOf(trial) : null;

    public async Task WaitAsync(CancellationToken cancellation)
    {
        if (await _opening.WaitAsync(cancellation) is { } line)
            await line.WaitAsync(cancellation);
        else
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _hungUp.CancelAsync();
        if (await _opening is { } line)
            await line.DisposeAsync();
        _hungUp.Dispose();
    }

    private async Task<IStudyLine?> OpenAsync(Func<CancellationToken, Task<IStudyLine?>> open)
    {
        while (!_hungUp.IsCancellationRequested)
        {
            try
            {
                if (await open(_hungUp.Token) is { } line)
                    return line;
                await Task.Delay(TryEvery, _time, _hungUp.Token);
            }
            catch (StoreUnavailableException)
            {
                // The search itself says so.
                await Task.Delay(TryEvery, _time, _hungUp.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                // Hung up.
            }
        }
        return null;
    }
}
