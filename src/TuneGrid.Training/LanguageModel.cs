using TuneGrid.Training.Corpora;
using TuneGrid.Training.Model;
using TuneGrid.Training.Tokenization;

namespace TuneGrid.Training;

/// <summary>A saved model: scores and writes text.</summary>
public sealed class LanguageModel : IDisposable
{
    private LanguageModel() => throw new NotSupportedException("landing soon");
    public static LanguageModel Load(string path, TrainerSettings settings) => new();
    public TrainingOptions Options => throw new NotSupportedException();
    public Tokenizer Tokenizer => throw new NotSupportedException();
    public long Parameters => throw new NotSupportedException();
    public string Generate(string prompt, GenerationOptions options, Action<string>? onText = null, CancellationToken c = default) => throw new NotSupportedException();
    public Evaluation Evaluate(TokenSequence text, CancellationToken c) => throw new NotSupportedException();
    public void Dispose() { }
}
