using System.Runtime.InteropServices;

namespace TuneGrid.Cli.Terminal;

/// <summary>
/// Asks the running command to stop: the first Ctrl-C (or SIGTERM, or a closed terminal) cancels <see cref="Stop"/>, and the command ends
/// in good order; the second Ctrl-C quits at once. Under nohup the end of the terminal stays ignored: the runtime keeps it so.
/// </summary>
internal sealed class Interrupts : IDisposable
{
    private const int InterruptSignal = 2;
    private const nint DefaultHandler = 0;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly ManualResetEventSlim _ended = new();
    private PosixSignal? _first;
    private bool _ignoresHangup;

    public CancellationToken Stop => _stop.Token;

    /// <summary>128 + the signal's number, as shells report it: 130 for Ctrl-C, 143 for SIGTERM, 129 for a closed terminal.</summary>
    public int ExitCode => Code(_first ?? PosixSignal.SIGINT);

    /// <summary>Whether somebody asked politely from outside (systemd, kill) rather than at the keyboard.</summary>
    public bool IsTermination => _first == PosixSignal.SIGTERM;

    public static Interrupts Listen()
    {
        // A script's background jobs start with Ctrl-C ignored, and .NET would leave it so; but whoever sends us one means it.
        if (!OperatingSystem.IsWindows())
            _ = SetSignalHandler(InterruptSignal, DefaultHandler);
        var interrupts = new Interrupts();
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP })
            interrupts._registrations.Add(PosixSignalRegistration.Create(signal, interrupts.Receive));
        return interrupts;
    }

    public void Request(PosixSignal signal)
    {
        if (_first is null)
        {
            _first = signal;
            // Not on the signal's own thread: what is cancelled may run for a while.
            _ = Task.Run(_stop.Cancel);
        }
        else if (signal == PosixSignal.SIGINT)
        {
            Environment.Exit(Code(signal));
        }
    }

    /// <summary>From now on the end of a terminal is nobody's wish: the command goes on without one.</summary>
    public void IgnoreHangup() => _ignoresHangup = true;

    public void Dispose()
    {
        _ended.Set();
        foreach (var registration in _registrations)
            registration.Dispose();
        _stop.Dispose();
    }

    private static int Code(PosixSignal signal) => signal switch
    {
        PosixSignal.SIGTERM => 143,
        PosixSignal.SIGHUP => 129,
        _ => 130,
    };

    [DllImport("libc", EntryPoint = "signal")]
    private static extern nint SetSignalHandler(int signal, nint handler);

    private void Receive(PosixSignalContext context)
    {
        context.Cancel = true;
        Receive(context.Signal, OperatingSystem.IsWindows());
    }

    internal void Receive(PosixSignal signal, bool isWindows)
    {
        if (signal == PosixSignal.SIGHUP && _ignoresHangup)
            return;
        Request(signal);
        // Windows ends the process of a closed window, or at a shutdown, when this returns: not before the command has ended.
        if (isWindows && signal is (PosixSignal.SIGHUP or PosixSignal.SIGTERM))
            _ended.Wait();
    }
}
