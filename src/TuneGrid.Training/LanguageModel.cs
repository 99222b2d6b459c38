using System.Text;
using System.Text.Json;
using TuneGrid.Training.Checkpoints;
using TuneGrid.Training.Corpora;
using TuneGrid.Training.Memory;
using TuneGrid.Training.Model;
using TuneGrid.Training.Randomness;
using TuneGrid.Training.Threading;
using TuneGrid.Training.Tokenization;

namespace TuneGrid.Training;

/// <summary>A saved model: scores and writes text. Not thread-safe.</summary>
public sealed unsafe class LanguageModel : IDisposable
{
    internal const string Format = "tunegrid-model-1";
    private readonly ModelLayout _layout;
    private readonly NativeBuffer _weights;
    private readonly PackedWeights _packed;
    private readonly RotaryTable? _rotary;
    private readonly WorkerPool _pool;
    private readonly SequencePass[] _passes;

    private LanguageModel(TrainingOptions options, Tokenizer tokenizer, TrainerSettings settings)
    {
        (Options, Tokenizer) = (options, tokenizer);
        _layout = new ModelLayout(options);
        _weights = new NativeBuffer(_layout.ArenaCount);
        _packed = new PackedWeights(_layout, settings.Kernels.Matrix, bothDirections: false);
        _rotary = options.Position == PositionKind.Rope ? new RotaryTable(options.Context, _layout.HeadWidth, options.RopeBase) : null;
        _pool = new WorkerPool(settings.Threads);
        _passes = [.. Enumerable.Range(0, settings.Threads).Select(t =>
            new SequencePass(_layout, settings.Kernels, _packed, _rotary, _pool.Workspace(t), new PhaseClock(), options.Context))];
    }

    /// <summary>The options it was trained with.</summary>
    public TrainingOptions Options { get; }

    /// <summary>The tokenizer it was trained with.</summary>
    public Tokenizer Tokenizer { get; }

    /// <summary>Trainable numbers, embeddings included.</summary>
    public long Parameters => _layout.Parameters.Sum(p => p.Count);

    internal ModelLayout Layout => _layout;

    internal float* Weights => _weights.Data;

    /// <summary>Reads a model that <see cref="Trainer.SaveModel"/> wrote.</summary>
    /// <param name="settings">The kernels and threads that it will run on.</param>
    /// <exception cref="CheckpointException">The file is missing, damaged, or no model.</exception>
    public static LanguageModel Load(string path, TrainerSettings settings)
    {
        using var file = SafetensorsFile.Open(path);
        if (file.Required("tunegrid.format") != Format)
            throw new CheckpointException(path, "not a model that tunegrid saved");
        LanguageModel? model = null;
        try
        {
            var options = OptionsJson.Read(file.Required("tunegrid.options"));
            if (OptionCatalog.Refuse(options) is { } reason)
                throw new CheckpointException(path, reason);
            file.Vouch(ModelSize.Parameters(options));
            var tokenizer = Tokenizer.FromJson(file.Required("tunegrid.tokenizer"));
            if (tokenizer.VocabularySize > options.Vocabulary)
                throw new CheckpointException(path, FormattableString.Invariant(
                    $"its tokenizer has {tokenizer.VocabularySize} tokens, more than the vocabulary of {options.Vocabulary}"));
            model = new LanguageModel(options, tokenizer, settings);
            foreach (var parameter in model._layout.Parameters)
                file.Read(parameter.Name, model._weights.Data + parameter.Offset, parameter.Count);
            model._packed.Pack(model._weights.Data, model._pool);
            return model;
        }
        catch (Exception e)
        {
            model?.Dispose();
            if (e is ArgumentException or JsonException or FormatException or OverflowException or InvalidOperationException)
                throw new CheckpointException(path, $"its metadata is damaged ({e.Message})", e);
            throw;
        }
    }

    /// <summary>Continues the prompt until the story ends or <see cref="GenerationOptions.MaxTokens"/> are written.</summary>
    /// <param name="onText">Receives the text piece by piece, in whole characters.</param>
    /// <returns>The prompt and what was written after it.</returns>
    public string Generate(string prompt, GenerationOptions options, Action<string>? onText = null, CancellationToken c = default)
    {
        var tokens = new List<ushort> { Tokenizer.EndOfText };
        Tokenizer.Encode(Encoding.UTF8.GetBytes(prompt), tokens);
        var random = new Gaussian(SplitMix64.Mix(options.Seed, 1));
        var decoder = Encoding.UTF8.GetDecoder();
        var text = new StringBuilder(prompt);
        var characters = new char[64];
        for (var i = 0; i < options.MaxTokens && !c.IsCancellationRequested; i++)
        {
            var token = TokenSampler.Draw(NextLogits(tokens), options.Temperature, options.TopP, random.NextUniform());
            if (token == Tokenizer.EndOfText)
                break;
            tokens.Add((ushort)token);
            var bytes = Tokenizer.BytesOf(token);
            if (characters.Length < bytes.Length + 2)
                characters = new char[bytes.Length + 2];
            var piece = new string(characters, 0, decoder.GetChars(bytes, characters, flush: false));
            text.Append(piece);
            onText?.Invoke(piece);
        }
        return text.ToString();
    }

    /// <summary>Scores every token of a text.</summary>
    /// <exception cref="OperationCanceledException">It was told to stop.</exception>
    public Evaluation Evaluate(TokenSequence text, CancellationToken c) =>
        Evaluator.Score(text, 0, Options.Context, Tokenizer, _passes, _weights.Data, _pool, c);

    /// <summary>Ends the threads and frees the weights.</summary>
    public void Dispose()
    {
        foreach (var pass in _passes)
            pass.Dispose();
        _pool.Dispose();
        _packed.Dispose();
        _rotary?.Dispose();
        _weights.Dispose();
    }

    /// <summary>
    /// Logits after the last token; models are small enough that running the whole window again costs about a millisecond.
    /// </summary>
    private ReadOnlySpan<float> NextLogits(List<ushort> tokens)
    {
        var length = Math.Min(tokens.Count, Options.Context);
        var inputs = stackalloc int[length];
        for (var i = 0; i < length; i++)
            inputs[i] = tokens[tokens.Count - length + i];
        return new ReadOnlySpan<float>(
            _passes[0].NextLogits(new SequenceGroup(inputs, null, null, 1, length, 0), _weights.Data), Options.Vocabulary);
    }
}
