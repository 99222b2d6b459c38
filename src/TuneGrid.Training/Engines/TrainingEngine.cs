using TuneGrid.Training.Corpora;
using TuneGrid.Training.Model;

namespace TuneGrid.Training.Engines;

/// <summary>
/// What computes the steps of a <see cref="Trainer"/>: our own kernels, or another library beside them. Budget, clock, schedule, data
/// order, checkpoints and scores are the trainer's, so that they are the same for all, and a checkpoint of one goes on in another.
/// </summary>
public abstract class TrainingEngine
{
    /// <summary>As it stands in a hardware class: what decides how much a training second is worth.</summary>
    public abstract string Name { get; }

    /// <summary>Whether the processor does the work, so that measuring the processor tells how fast a run goes.</summary>
    public virtual bool IsOnProcessor => true;

    /// <summary>Memory of the device that does the work, which a run must fit into; null where that is the machine's own.</summary>
    public virtual long? DeviceMemoryBytes => null;

    /// <summary>Null, or why this engine can't train a model that another one can, fit for users.</summary>
    public virtual string? Refuse(TrainingOptions options) => null;

    /// <summary>Bytes that a run needs where it computes, in this machine's memory or the device's.</summary>
    /// <param name="threads">As many as the run would use.</param>
    public abstract long MemoryBytes(TrainingOptions options, int threads);

    /// <summary>All weights and moments are zero until <see cref="ITrainingStep.Fill"/>.</summary>
    /// <exception cref="TrainingRefusedException">The device has less memory than the run needs.</exception>
    internal abstract ITrainingStep Build(ModelLayout layout, TokenSequence text, TrainerSettings settings, ulong seed);
}

/// <summary>An engine or a device that was asked for and is not there. The message says why, and what would bring it, for users.</summary>
public sealed class EngineUnavailableException(string message) : Exception(message);
