using Microsoft.Extensions.Logging;

namespace TuneGrid.Silo.Security;

/// <summary>Takes from Orleans' log what ended a TLS handshake: its middleware tells nobody else.</summary>
internal sealed class HandshakeLog : ILoggerProvider
{
    private const string Category = "Orleans.Connections.Security.";

    public ILogger CreateLogger(string categoryName) => new Listener(categoryName.StartsWith(Category, StringComparison.Ordinal));

    public void Dispose()
    {
    }

    private sealed class Listener(bool listens) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => listens && logLevel >= LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel) && Handshake.Current is { } handshake)
                handshake.Failure = exception;
        }
    }
}
