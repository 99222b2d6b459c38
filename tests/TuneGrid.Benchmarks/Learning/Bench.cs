using System.Globalization;
using TuneGrid.Silo.Corpora;
using TuneGrid.Silo.Segments;
using TuneGrid.Training;
using TuneGrid.Training.Corpora;
using TuneGrid.Training.Kernels;
using TuneGrid.Training.Model;

namespace TuneGrid.Benchmarks.Learning;

/// <summary>
/// What the learning studies share: a corpus of this machine, runs budgeted in tokens so that their scores don't depend on how busy it is.
/// </summary>
internal sealed class Bench(string corpus, int threads)
{
    private readonly TuneGridHome _home = TuneGridHome.Find(Environment.GetEnvironmentVariable);
    private CorpusCache? _shelf;

    public TrainerSettings Settings(int seed) => new(threads, (ulong)seed, KernelLadder.Best);

    public EncodedCorpus Corpus(int vocabulary)
    {
        var library = new CorpusLibrary(_home.Folder);
        _shelf ??= new CorpusCache(library, _home);
        return _shelf.Encoded(library.Resolve(corpus), vocabulary);
    }

    /// <summary>Bits per byte of held-out text after a run over so many tokens.</summary>
    public double Score(TrainingOptions options, long tokens, int seed)
    {
        var encoded = Corpus(options.Vocabulary);
        using var trainer = Trainer.Create(options, new(BudgetUnit.Tokens, tokens), encoded, Settings(seed));
        return trainer.TrainUntil(tokens, null, default) == TrainingStop.Diverged
            ? double.NaN : trainer.Evaluate(encoded.Valid, 0, default).BitsPerByte;
    }

    /// <summary>Options from "name=value name=value".</summary>
    public static TrainingOptions Options(string settings, TrainingOptions? start = null)
    {
        var options = start ?? new TrainingOptions();
        foreach (var setting in settings.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, text) = (setting.Split('=')[0], setting.Split('=')[1]);
            options = OptionCatalog.Apply(options, name, OptionCatalog.All.Single(o => o.Name == name).Kind switch
            {
                OptionKind.Text => text,
                OptionKind.Boolean => bool.Parse(text),
                _ => double.Parse(text, CultureInfo.InvariantCulture),
            });
        }
        return options;
    }

    public static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
