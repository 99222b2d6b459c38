using Microsoft.Extensions.Logging.Abstractions;
using Polly;
using Polly.Retry;

namespace TuneGrid.Storage;

/// <summary>
/// The one way in which the grid repeats what may pass: after delays that double and are drawn at random around that, so that many who
/// failed together don't come back together. Each repetition is counted by the meter <c>Polly</c> under the pipeline's name, and nothing is
/// logged.
/// </summary>
public static class RetryPipeline
{
    /// <summary>
    /// Returns a pipeline that calls again, and throws the last exception when it gives up. Thread-safe, for any number of calls.
    /// </summary>
    /// <param name="name">What is repeated, as its metrics say it.</param>
    /// <param name="isPassing">
    /// Whether a call that ended with this exception, after so many repetitions (0 at first), may be repeated.
    /// </param>
    /// <param name="attempts">The most repetitions after the first call; at least 1.</param>
    /// <param name="firstDelay">The delay before the first repetition, at the median.</param>
    /// <param name="longestDelay">No delay is longer.</param>
    /// <param name="time">The clock that delays are waited for by; the system's if null.</param>
    public static ResiliencePipeline Create(
        string name,
        Func<Exception, int, bool> isPassing,
        int attempts,
        TimeSpan firstDelay,
        TimeSpan longestDelay,
        TimeProvider? time = null)
    {
        var retry = new RetryStrategyOptions
        {
            ShouldHandle = attempt => ValueTask.FromResult(
                attempt.Outcome.Exception is { } exception && isPassing(exception, attempt.AttemptNumber)),
            MaxRetryAttempts = attempts,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = firstDelay,
            MaxDelay = longestDelay,
        };
        return new ResiliencePipelineBuilder { Name = name, TimeProvider = time }
            .AddRetry(retry)
            .ConfigureTelemetry(NullLoggerFactory.Instance)
            .Build();
    }
}
