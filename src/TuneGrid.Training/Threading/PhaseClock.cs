using System.Diagnostics;

namespace TuneGrid.Training.Threading;

/// <summary>
/// What a thread's time within a step goes to. Norms stand for all that is elementwise: activations, rotary embedding, shortcuts too. Other
/// is packing, adding up gradients, averaging and waiting.
/// </summary>
public enum StepPhase { MatrixProducts, Attention, Norms, Loss, Optimizer, Other }

/// <summary>One thread's time by phase. Switching costs one reading of the clock, so it is always on.</summary>
internal sealed class PhaseClock
{
    private readonly long[] _ticks = new long[Enum.GetValues<StepPhase>().Length];
    private StepPhase _current = StepPhase.Other;
    private long _last = Stopwatch.GetTimestamp();

    /// <summary>Charges the time since the last call to the phase that ends here.</summary>
    public void Switch(StepPhase next)
    {
        var now = Stopwatch.GetTimestamp();
        _ticks[(int)_current] += now - _last;
        _current = next;
        _last = now;
    }

    public double Seconds(StepPhase phase) => (double)_ticks[(int)phase] / Stopwatch.Frequency;

    public void Reset()
    {
        Switch(StepPhase.Other);
        Array.Clear(_ticks);
    }
}
