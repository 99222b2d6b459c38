using System.Diagnostics;

namespace TuneGrid.Training.Threading;

/// <summary>What a thread's time within a training step goes to.</summary>
public enum StepPhase
{
    /// <summary>Products with the weights, forward and backward.</summary>
    MatrixProducts,

    /// <summary>Attention's products and softmax.</summary>
    Attention,

    /// <summary>All that is elementwise: norms, activations, rotary embedding, shortcuts.</summary>
    Norms,

    /// <summary>The cross-entropy and its gradient.</summary>
    Loss,

    /// <summary>The update of the weights.</summary>
    Optimizer,

    /// <summary>Packing, adding up gradients, averaging, waiting.</summary>
    Other,
}

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
