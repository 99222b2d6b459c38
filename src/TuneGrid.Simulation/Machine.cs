using TuneGrid.Coordination.Ledger;

namespace TuneGrid.Simulation;

/// <summary>The computer a silo runs on: it may crash for good, or sleep and come back as if nothing had happened.</summary>
internal sealed class Machine(string name, Faults faults, double speed)
{
    private static readonly Task Never = new TaskCompletionSource().Task;
    private readonly TaskCompletionSource _crashed = new();
    private TaskCompletionSource? _asleep;
    private double _pace = 1;

    public string Name => name;

    public Faults Faults => faults;

    /// <summary>Seconds of the clock per training second.</summary>
    public double Speed => speed;

    /// <summary>Tokens per training second as a share of its norm: less while it throttles or others use it.</summary>
    public double Pace => faults.AreOn ? _pace : 1;

    /// <summary>What the last probe met.</summary>
    public double ProbedPace { get; set; } = 1;

    public bool IsCrashed { get; private set; }

    public Task Crashed => _crashed.Task;

    public void Crash()
    {
        IsCrashed = true;
        _crashed.TrySetResult();
    }

    public async Task SleepAsync(TimeSpan duration, TimeProvider time)
    {
        if (_asleep is not null)
            return;
        _asleep = new();
        await Task.Delay(duration, time);
        var asleep = _asleep;
        _asleep = null;
        asleep.SetResult();
    }

    /// <summary>Throttles for a while; a longer spell ends with the first one to end.</summary>
    public async Task SlowDownAsync(double pace, TimeSpan duration, TimeProvider time)
    {
        _pace = pace;
        await Task.Delay(duration, time);
        _pace = 1;
    }

    /// <summary>Every step of a silo goes through here: a crashed machine never comes out again.</summary>
    public async Task LiveAsync()
    {
        while (_asleep is { } asleep && !IsCrashed)
            await asleep.Task;
        if (IsCrashed)
            await Never;
    }
}

/// <summary>What goes wrong, drawn from one seed.</summary>
internal sealed class Faults(int seed, TimeProvider time)
{
    private DateTimeOffset _storeRefusesUntil;

    public Random Random { get; } = new(seed);

    public bool AreOn { get; set; } = true;

    public bool StoreRefuses => AreOn && time.GetUtcNow() < _storeRefusesUntil;

    public bool Happens(double probability) => AreOn && Random.NextDouble() < probability;

    public Task DelayAsync(double mostSeconds) => Task.Delay(TimeSpan.FromSeconds(Random.NextDouble() * mostSeconds), time);

    public void RefuseFor(TimeSpan duration) => _storeRefusesUntil = time.GetUtcNow() + duration;

    public StoreUnavailableException Unavailable() => new("the simulated store does not answer");
}
