using System.Runtime.InteropServices;
using TuneGrid.Cli.Terminal;

namespace TuneGrid.Cli.Tests.Terminal;

public sealed class InterruptsTests
{
    [Fact]
    public async Task On_Windows_the_handler_of_a_closed_window_returns_only_once_the_command_has_ended()
    {
        using var interrupts = new Interrupts();
        var stopped = new TaskCompletionSource();
        using var registration = interrupts.Stop.Register(stopped.SetResult);

        var handler = Task.Factory.StartNew(() => interrupts.Receive(PosixSignal.SIGHUP, isWindows: true), TaskCreationOptions.LongRunning);
        await stopped.Task;

        Assert.False(handler.IsCompleted);
        Assert.Equal(129, interrupts.ExitCode);
        interrupts.Dispose();
        await handler;
    }

    [Fact]
    public void A_detached_command_does_not_hear_a_terminal_end()
    {
        using var interrupts = new Interrupts();
        interrupts.IgnoreHangup();

        interrupts.Receive(PosixSignal.SIGHUP, isWindows: false);
        interrupts.Request(PosixSignal.SIGTERM);

        Assert.True(interrupts.IsTermination);
    }
}
