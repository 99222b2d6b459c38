using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using TuneGrid.Cli.Backends;
using TuneGrid.Cli.Context;
using TuneGrid.Cli.Terminal;
using TuneGrid.Silo.Hardware;
using TuneGrid.Training;
using TuneGrid.Training.Corpora;
using TuneGrid.Training.Model;

namespace TuneGrid.Cli.Sessions;

internal sealed record TrainingRequest(
    TrainingOptions Options, TrainingBudget Budget, string Corpus, ulong Seed, int Threads, BackendChoice Backend,
    string? EvaluationText, string? ModelPath);

/// <summary>Trains, saves, scores and reports one configuration.</summary>
internal sealed class TrainingRun(CliConsole console, TrainingRequest request, OutputFormat output)
{
    private readonly CommandContext _context = new(console) { Backend = request.Backend };
    private readonly long _started = Stopwatch.GetTimestamp();

    public int Run(CancellationToken cancellation)
    {
        var engine = _context.Engine;
        var text = _context.Corpora.Resolve(request.Corpus);
        var evaluationText = request.EvaluationText is { } file ? File.ReadAllBytes(file) : null;
        var path = ModelPath();
        var corpus = _context.EncodedCorpora.Encoded(text, request.Options.Vocabulary);
        cancellation.ThrowIfCancellationRequested();
        using var trainer = Trainer.Create(request.Options, request.Budget, corpus, _context.Trainer(request.Threads, request.Seed));
        console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"training {Text.Count(trainer.Parameters)} parameters on {corpus.Name}: {request.Threads} threads, {engine.Name}"));
        var line = new ProgressLine(console, request.Budget);
        var ended = trainer.TrainUntil(request.Budget.Amount, line.Show, cancellation);
        line.End(trainer.Progress);
        if (ended == TrainingStop.Diverged)
            return Diverged(trainer, corpus);
        var saved = Save(trainer, path);
        if (ended != TrainingStop.Reached)
        {
            console.Error.WriteLine(
                $"tunegrid: stopped before the budget was spent{(saved is null ? "" : $"; the model so far is {saved}")}");
            return console.Interrupts.ExitCode;
        }
        var score = trainer.Evaluate(corpus.Valid, 0, cancellation);
        var other = evaluationText is null
            ? null
            : trainer.Evaluate(DocumentReader.EncodeText(evaluationText, corpus.Tokenizer), 0, cancellation);
        Print(Report("completed", trainer, corpus, score, other, saved), saved);
        return saved is null ? ExitCodes.NotWritten : ExitCodes.Fine;
    }

    /// <summary>Where the model is, or null if it can't be written, which is said: what the training showed is still to be told.</summary>
    private string? Save(Trainer trainer, string path)
    {
        try
        {
            trainer.SaveModel(path);
            return path;
        }
        // The last is what .NET makes of a limit on the size of files.
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            console.Error.WriteLine($"tunegrid: the model could not be saved as '{path}': {fault.Message}");
            return null;
        }
    }

    private string ModelPath()
    {
        // Random, since a process id is 1 in every container.
        var name = string.Create(
            CultureInfo.InvariantCulture,
            $"train-{DateTime.UtcNow:yyyyMMdd-HHmmss}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}.safetensors");
        if (request.ModelPath is { } named && string.IsNullOrWhiteSpace(named))
            throw new UsageException("--model is empty; expected a file to write");
        var path = Path.GetFullPath(request.ModelPath ?? Path.Combine(_context.Home.ModelsFolder, name));
        if (Directory.Exists(path))
            throw new UsageException($"--model '{request.ModelPath}' is a folder; expected a file to write");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }

    private int Diverged(Trainer trainer, EncodedCorpus corpus)
    {
        if (output == OutputFormat.Json)
            Json.WriteResult(console, Report("diverged", trainer, corpus, null, null, null));
        console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"tunegrid: the loss diverged at step {trainer.Progress.Steps}: "
            + $"try a lower --learning-rate than {request.Options.LearningRate}"));
        return ExitCodes.Failure;
    }

    private JsonObject Report(string status, Trainer trainer, EncodedCorpus corpus, Evaluation? score, Evaluation? other, string? path)
    {
        var now = trainer.Progress;
        var report = new JsonObject
        {
            ["status"] = status,
            ["bits_per_byte"] = Json.Number(score?.BitsPerByte),
            ["perplexity"] = Json.Number(score?.Perplexity),
            ["tokens"] = now.Tokens,
            ["tokens_per_second"] = Json.Number(now.TrainingSeconds > 0 ? now.Tokens / now.TrainingSeconds : 0),
            ["training_seconds"] = Json.Number(now.TrainingSeconds),
            ["wall_seconds"] = Json.Number(Stopwatch.GetElapsedTime(_started).TotalSeconds),
            ["steps"] = now.Steps,
            ["parameters"] = trainer.Parameters,
            ["vocabulary"] = request.Options.Vocabulary,
            ["corpus"] = corpus.Name,
            ["isa"] = _context.Engine.Name,
            ["backend"] = request.Backend.Backend.ToString().ToLowerInvariant(),
            ["threads"] = request.Threads,
            ["hardware_class"] = _context.Class(request.Threads).Key,
            ["model"] = path,
            ["peak_memory_bytes"] = Machine.PeakMemoryBytes,
            ["seed"] = request.Seed,
        };
        if (other is not null)
        {
            report["eval_bits_per_byte"] = Json.Number(other.BitsPerByte);
            report["eval_perplexity"] = Json.Number(other.Perplexity);
        }
        return report;
    }

    private void Print(JsonObject report, string? path)
    {
        if (output == OutputFormat.Json)
        {
            Json.WriteResult(console, report);
            return;
        }
        foreach (var (name, value) in report)
            console.Word.WriteLine($"{name,-18} {value}");
        if (path is not null)
            console.Error.WriteLine($"next: tunegrid sample {path}");
    }
}
