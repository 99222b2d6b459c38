namespace TuneGrid.Simulation;

/// <summary>A clock that only moves when nothing else can, and the single-threaded context everything runs on.</summary>
internal sealed class VirtualTime : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly PriorityQueue<(VirtualTimer Timer, long Version), (long Ticks, long Order)> _timers = new();
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _ready = new();
    private long _order;
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public TimeSpan Elapsed => new(_ticks);

    public override long GetTimestamp() => _ticks;

    public override DateTimeOffset GetUtcNow() => Start.AddTicks(_ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>To the tick, where <see cref="Task.Delay(TimeSpan, TimeProvider)"/> knows whole milliseconds only.</summary>
    public async Task DelayAsync(TimeSpan duration)
    {
        var due = new TaskCompletionSource();
        await using var timer = CreateTimer(_ => due.SetResult(), null, duration, Timeout.InfiniteTimeSpan);
        await due.Task;
    }

    /// <summary>Runs until the condition holds, time runs out or nothing is left to do.</summary>
    public void RunUntil(Func<bool> isDone, TimeSpan limit)
    {
        while (!isDone() && Elapsed < limit)
        {
            if (_ready.TryDequeue(out var work))
                work.Callback(work.State);
            else if (!FireNext())
                return;
        }
    }

    /// <summary>Makes every await on this thread come back to the virtual queue until disposed.</summary>
    public IDisposable Enter() => new Scope(new Context(this));

    private bool FireNext()
    {
        while (_timers.TryDequeue(out var due, out var at))
        {
            if (due.Timer.Version != due.Version)
                continue;
            _ticks = Math.Max(_ticks, at.Ticks);
            due.Timer.Fire();
            return true;
        }
        return false;
    }

    private sealed class VirtualTimer(VirtualTime time, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;

        public long Version { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            (Version, _period) = (Version + 1, period);
            if (dueTime != Timeout.InfiniteTimeSpan)
                time._timers.Enqueue((this, Version), (time._ticks + dueTime.Ticks, time._order++));
            return true;
        }

        public void Fire()
        {
            Change(_period > TimeSpan.Zero ? _period : Timeout.InfiniteTimeSpan, _period);
            callback(state);
        }

        public void Dispose() => Version++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }

    private sealed class Context(VirtualTime time) : SynchronizationContext
    {
        private readonly int _thread = Environment.CurrentManagedThreadId;

        public override void Post(SendOrPostCallback d, object? state)
        {
            if (Environment.CurrentManagedThreadId != _thread)
                throw new InvalidOperationException("something left the simulation's thread: its order would be lost");
            time._ready.Enqueue((d, state));
        }

        public override SynchronizationContext CreateCopy() => this;
    }

    private sealed class Scope : IDisposable
    {
        private readonly SynchronizationContext? _before = SynchronizationContext.Current;

        public Scope(SynchronizationContext context) => SynchronizationContext.SetSynchronizationContext(context);

        public void Dispose() => SynchronizationContext.SetSynchronizationContext(_before);
    }
}
