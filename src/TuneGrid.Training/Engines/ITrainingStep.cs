using TuneGrid.Training.Corpora;
using TuneGrid.Training.Memory;
using TuneGrid.Training.Model;
using TuneGrid.Training.Optimization;
using TuneGrid.Training.Tokenization;

namespace TuneGrid.Training.Engines;

/// <summary>What a run remembers from one step to the next, [arena] each. Where a parameter lies, <see cref="ModelLayout"/> says.</summary>
/// <param name="Average">The weights' running average, which rung scores are taken from.</param>
/// <param name="Moment1">Muon's momentum, or AdamW's first moment.</param>
/// <param name="Moment2">AdamW's second moment; unused by Muon.</param>
internal sealed record StepState(NativeBuffer Weights, NativeBuffer Average, NativeBuffer Moment1, NativeBuffer Moment2);

/// <summary>
/// One optimizer step over one batch. Owns all memory of a run; the same seed, step number and state give the same batch, masks and update.
/// Not thread-safe.
/// </summary>
internal interface ITrainingStep : IDisposable
{
    /// <summary>Updates done so far.</summary>
    long Steps { get; set; }

    /// <summary>Mean nats per token of a batch; leaves the gradients behind.</summary>
    double Gradients(in BatchPlan plan);

    /// <summary>Clips and applies the gradient that <see cref="Gradients"/> left; done, on every device, when it returns.</summary>
    /// <param name="spent">Share of the budget that is spent, 0..1.</param>
    void Update(double spent);

    /// <summary>
    /// Prepares the rest of a step, whatever is made at first use; only the gradients, which every step computes anew, change.
    /// </summary>
    void WarmUpUpdate();

    /// <summary>Shows what it remembers; the buffers are valid during the call.</summary>
    void Show(Action<StepState> read);

    /// <summary>Takes on what <paramref name="write"/> leaves in the buffers; it must write each of them whole.</summary>
    void Fill(Action<StepState> write);

    /// <summary>
    /// [arena] the average as it would stand if it took in the weights of this very moment; the weights where averaging is off. The
    /// caller's to dispose.
    /// </summary>
    /// <param name="spent">Share of the budget that is spent, 0..1.</param>
    NativeBuffer ScoredWeights(double spent);

    /// <summary>Scores a text with the <see cref="ScoredWeights"/>.</summary>
    /// <param name="maxTokens">At most about so many tokens, whole documents at an even stride; 0 scores all.</param>
    Evaluation Evaluate(TokenSequence text, long maxTokens, Tokenizer tokenizer, double spent, CancellationToken cancellation);
}
