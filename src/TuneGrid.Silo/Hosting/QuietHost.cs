using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace TuneGrid.Silo.Hosting;

/// <summary>
/// A host inside a command-line program: it reads no files, takes no signals (the program's own Ctrl-C does) and logs nothing, except to
/// stderr with <c>TUNEGRID_DEBUG</c>.
/// </summary>
internal static class QuietHost
{
    public static HostApplicationBuilder CreateBuilder()
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        if (Environment.GetEnvironmentVariable("TUNEGRID_DEBUG") is { Length: > 0 })
            builder.Logging.AddProvider(new StderrLog());
        return builder;
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class StderrLog : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => new ErrorStreamLogger(categoryName);

        public void Dispose()
        {
        }
    }

    private sealed class ErrorStreamLogger(string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                Console.Error.WriteLine($"{DateTime.UtcNow:HH:mm:ss.fff} {logLevel} {category}: {formatter(state, exception)} {exception}");
        }
    }
}
