using TuneGrid.Training.Corpora;
using TuneGrid.Training.Model;

namespace TuneGrid.Training;

/// <summary>Trains one configuration.</summary>
public sealed class Trainer : IDisposable
{
    private Trainer() => throw new NotSupportedException("landing soon");
    public static Trainer Create(TrainingOptions options, TrainingBudget budget, EncodedCorpus corpus, TrainerSettings settings) => new();
    public static Trainer Resume(string checkpointPath, EncodedCorpus corpus, TrainerSettings settings) => new();
    public TrainingProgress Progress => throw new NotSupportedException();
    public TrainingOptions Options => throw new NotSupportedException();
    public TrainingBudget Budget => throw new NotSupportedException();
    public long Parameters => throw new NotSupportedException();
    public TrainingStop TrainUntil(double amount, Action<TrainingProgress>? progress, CancellationToken stop, CancellationToken abandon = default) => throw new NotSupportedException();
    public Evaluation Evaluate(TokenSequence text, long maxTokens, CancellationToken cancellation) => throw new NotSupportedException();
    public void SaveCheckpoint(string path) => throw new NotSupportedException();
    public void SaveModel(string path) => throw new NotSupportedException();
    public void Dispose() { }
}
