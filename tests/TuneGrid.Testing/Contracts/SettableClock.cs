namespace TuneGrid.Testing.Contracts;

/// <summary>A clock that stands still until a test moves it; its timers are real.</summary>
internal sealed class SettableClock : TimeProvider
{
    public DateTimeOffset Now { get; set; } = Sample.At;

    public override DateTimeOffset GetUtcNow() => Now;
}
