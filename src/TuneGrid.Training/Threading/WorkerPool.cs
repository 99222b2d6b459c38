using System.Runtime.ExceptionServices;
using TuneGrid.Training.Memory;

namespace TuneGrid.Training.Threading;

/// <summary>
/// A fixed team of threads that all run the same body and meet at its end. Waiting threads spin for some microseconds, then park, so that
/// the phases of a training step follow each other without a trip through the scheduler and an idle pool costs nothing. One caller at a
/// time.
/// </summary>
internal sealed class WorkerPool : IDisposable
{
    // The runtime's upper bound for this primitive: some tens of microseconds, the length of the gaps between phases.
    private const int SpinCount = 2047;
    private readonly Thread[] _threads;
    private readonly ManualResetEventSlim[] _start;
    private readonly ManualResetEventSlim _done = new(false, SpinCount);
    private readonly Workspace[] _workspaces;
    private Action<int>? _body;
    private ExceptionDispatchInfo? _failure;
    private int _pending;
    private volatile bool _stopping;

    /// <param name="threads">At least 1; the caller of <see cref="Run"/> is one of them.</param>
    public WorkerPool(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        _workspaces = [.. Enumerable.Range(0, threads).Select(_ => new Workspace())];
        _start = [.. Enumerable.Range(1, threads - 1).Select(_ => new ManualResetEventSlim(false, SpinCount))];
        _threads = [.. Enumerable.Range(1, threads - 1)
            .Select(index => new Thread(() => Work(index)) { IsBackground = true, Name = $"tunegrid-worker-{index}" })];
        foreach (var thread in _threads)
            thread.Start();
    }

    public int Threads => _threads.Length + 1;

    /// <summary>Scratch memory of one thread, for the body that runs there.</summary>
    public Workspace Workspace(int thread) => _workspaces[thread];

    public long WorkspaceBytes => _workspaces.Sum(w => w.AllocatedBytes);

    /// <summary>
    /// Runs body(0) on the caller and body(1) .. body(Threads - 1) on the others; returns when all are done. The first failure is thrown
    /// here.
    /// </summary>
    public void Run(Action<int> body)
    {
        _body = body;
        _pending = _threads.Length;
        foreach (var start in _start)
            start.Set();
        RunBody(0);
        if (_threads.Length > 0)
        {
            _done.Wait();
            _done.Reset();
        }
        if (Interlocked.Exchange(ref _failure, null) is { } failure)
            failure.Throw();
    }

    public void Dispose()
    {
        _stopping = true;
        foreach (var start in _start)
            start.Set();
        foreach (var thread in _threads)
            thread.Join();
        foreach (var start in _start)
            start.Dispose();
        _done.Dispose();
        foreach (var workspace in _workspaces)
            workspace.Dispose();
    }

    private void Work(int index)
    {
        while (true)
        {
            _start[index - 1].Wait();
            _start[index - 1].Reset();
            if (_stopping)
                return;
            RunBody(index);
            if (Interlocked.Decrement(ref _pending) == 0)
                _done.Set();
        }
    }

    private void RunBody(int index)
    {
        try
        {
            _body!(index);
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(e), null);
        }
    }
}
