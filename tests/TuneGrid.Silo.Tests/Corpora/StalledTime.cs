namespace TuneGrid.Silo.Tests.Corpora;

/// <summary>A clock whose timers go off only when the test says that the time has come.</summary>
internal sealed class StalledTime : TimeProvider
{
    private readonly List<Timer> _timers = [];

    public void LetTimersRunOut()
    {
        Timer[] armed;
        lock (_timers)
        {
            armed = [.. _timers];
            _timers.Clear();
        }
        foreach (var timer in armed)
            timer.Callback(timer.State);
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        lock (_timers)
            _timers.Add(timer);
        return timer;
    }

    private sealed class Timer(StalledTime owner, TimerCallback callback, object? state) : ITimer
    {
        public TimerCallback Callback => callback;

        public object? State => state;

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
            lock (owner._timers)
                owner._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
