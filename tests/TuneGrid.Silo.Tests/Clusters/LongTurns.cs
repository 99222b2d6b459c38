using System.Diagnostics.Metrics;

namespace TuneGrid.Silo.Tests.Clusters;

/// <summary>What Orleans counts as turns that ran longer than it warns of, on all silos of this process.</summary>
internal sealed class LongTurns : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _count;

    public LongTurns()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument is { Meter.Name: "Microsoft.Orleans", Name: "orleans-scheduler-long-running-turns" })
            {
                IsCounting = true;
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<int>((_, turns, _, _) => Add(turns));
        _listener.SetMeasurementEventCallback<long>((_, turns, _, _) => Add(turns));
        _listener.Start();
    }

    /// <summary>Whether Orleans has such a counter.</summary>
    public bool IsCounting { get; private set; }

    public long Count => Interlocked.Read(ref _count);

    /// <summary>Completed by the first long turn.</summary>
    public Task First => _first.Task;

    public void Dispose() => _listener.Dispose();

    private void Add(long turns)
    {
        Interlocked.Add(ref _count, turns);
        _first.TrySetResult();
    }
}
