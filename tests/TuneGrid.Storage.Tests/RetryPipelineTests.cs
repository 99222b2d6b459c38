using System.Diagnostics.Metrics;

namespace TuneGrid.Storage.Tests;

public sealed class RetryPipelineTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(2, 3)]
    [InlineData(99, 4)]
    public async Task What_may_pass_is_repeated_and_counted_under_its_name(int failures, int expectedCalls)
    {
        var name = $"test-{Guid.NewGuid()}";
        using var listener = new MeterListener();
        var (calls, counted) = (0, 0);
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument is { Meter.Name: "Polly", Name: "resilience.polly.strategy.events" })
                l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>((_, count, tags, _) =>
        {
            var labels = tags.ToArray().ToDictionary(t => t.Key, t => t.Value as string);
            if (labels["pipeline.name"] == name && labels["event.name"] == "OnRetry")
                counted += count;
        });
        listener.Start();

        var thrown = await Record.ExceptionAsync(
            () => RunAsync(name, attempts: 3, () => ++calls > failures ? null : new TimeoutException()));

        Assert.Equal((expectedCalls, expectedCalls - 1), (calls, counted));
        Assert.Equal(failures > 3, thrown is TimeoutException);
    }

    [Fact]
    public async Task What_can_not_pass_is_thrown_at_once()
    {
        var calls = 0;
        await Assert.ThrowsAsync<FormatException>(() => RunAsync("test", attempts: 3, () =>
        {
            calls++;
            return new FormatException();
        }));
        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task How_often_it_was_repeated_may_decide()
    {
        var calls = 0;
        var pipeline = RetryPipeline.Create("test", (_, repeated) => repeated < 1, 5, TimeSpan.Zero, TimeSpan.Zero);
        await Assert.ThrowsAsync<TimeoutException>(async () => await pipeline.ExecuteAsync(_ =>
        {
            calls++;
            return ValueTask.FromException(new TimeoutException());
        }));
        Assert.Equal(2, calls);
    }

    private static Task RunAsync(string name, int attempts, Func<Exception?> call) =>
        RetryPipeline.Create(name, (e, _) => e is TimeoutException, attempts, TimeSpan.Zero, TimeSpan.Zero)
            .ExecuteAsync(_ => call() is { } fault ? ValueTask.FromException(fault) : ValueTask.CompletedTask)
            .AsTask();
}
