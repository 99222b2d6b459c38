using System.Globalization;
using System.Text.Json;
using TuneGrid.Training.Checkpoints;
using TuneGrid.Training.Corpora;
using TuneGrid.Training.Engines;
using TuneGrid.Training.Memory;
using TuneGrid.Training.Model;

namespace TuneGrid.Training;

public sealed unsafe partial class Trainer
{
    private const string Format = "tunegrid-checkpoint-1";

    /// <summary>Steps and sequences: no run comes near, and their products with sizes still fit.</summary>
    private const long MostCounted = 1L << 48;

    /// <summary>Goes on from a checkpoint; options, budget and seed come from the file.</summary>
    /// <exception cref="CheckpointException">The file is damaged, of another kind, or of another corpus.</exception>
    /// <exception cref="TrainingRefusedException">The run does not fit in this machine's memory.</exception>
    public static Trainer Resume(string checkpointPath, EncodedCorpus corpus, TrainerSettings settings) =>
        Resume(checkpointPath, corpus, settings, terms => terms);

    /// <summary>Goes on from a checkpoint of exactly this run: these options and budget, and the seed of the settings.</summary>
    /// <exception cref="CheckpointException">
    /// The file is damaged, of another kind, of another corpus, or of another run; the message says where they differ.
    /// </exception>
    /// <exception cref="TrainingRefusedException">The run does not fit in this machine's memory.</exception>
    public static Trainer Resume(
        string checkpointPath, EncodedCorpus corpus, TrainerSettings settings, TrainingOptions options, TrainingBudget budget) =>
        Resume(checkpointPath, corpus, settings, terms => terms.Difference(options, budget, settings.Seed) is { } difference
            ? throw new CheckpointException(checkpointPath, $"it is a checkpoint of another run: {difference}")
            : terms);

    /// <summary>As the other, under other terms: a branch off the run.</summary>
    internal static Trainer Resume(
        string checkpointPath, EncodedCorpus corpus, TrainerSettings settings, Func<TrainingTerms, TrainingTerms> amend)
    {
        using var file = SafetensorsFile.Open(checkpointPath);
        if (file.Required("tunegrid.format") != Format)
            throw new CheckpointException(checkpointPath, "not a checkpoint that training can go on from");
        if (file.Required("tunegrid.corpus_hash") != corpus.Hash)
            throw new CheckpointException(checkpointPath, $"it was trained on another corpus than '{corpus.Name}' as it is here");
        Trainer? trainer = null;
        try
        {
            var written = file.Required("tunegrid.options");
            var seed = ulong.Parse(file.Required("tunegrid.seed"), NumberStyles.None, CultureInfo.InvariantCulture);
            var (options, budget, _) = amend(new(OptionsJson.Read(written), BudgetOf(file), new(written, seed)));
            Refuse(options, budget, corpus, settings);
            // Weights, their average and two moments.
            file.Vouch(4 * ModelSize.Parameters(options));
            trainer = new Trainer(options, budget, corpus, settings, seed);
            trainer.Restore(file);
            return trainer;
        }
        catch (Exception e)
        {
            trainer?.Dispose();
            if (e is ArgumentException or JsonException or FormatException or OverflowException or InvalidOperationException)
                throw new CheckpointException(checkpointPath, $"its metadata is damaged ({e.Message})", e);
            throw;
        }
    }

    /// <summary>Everything needed to go on, in one safetensors file: written to a temporary name, flushed, renamed.</summary>
    /// <exception cref="IOException">There is no room for it, or no right to write it.</exception>
    public void SaveCheckpoint(string path) => _step.Show(state => SaveCheckpoint(path, state));

    private void SaveCheckpoint(string path, StepState state)
    {
        var writer = new SafetensorsWriter();
        foreach (var parameter in _layout.Parameters)
        {
            Add(writer, "weight.", parameter, state.Weights);
            Add(writer, "average.", parameter, state.Average);
            Add(writer, "moment1.", parameter, state.Moment1);
            Add(writer, "moment2.", parameter, state.Moment2);
        }
        writer.Save(path, new Dictionary<string, string>
        {
            ["tunegrid.format"] = Format,
            ["tunegrid.options"] = OptionsJson.Write(Options),
            ["tunegrid.budget_unit"] = Budget.Unit.ToString(),
            ["tunegrid.budget_amount"] = Text(Budget.Amount),
            ["tunegrid.corpus"] = _corpus.Name,
            ["tunegrid.corpus_hash"] = _corpus.Hash,
            ["tunegrid.seed"] = _seed.ToString(CultureInfo.InvariantCulture),
            // The place in the data, and every mask, is a function of seed, sequences and step.
            ["tunegrid.steps"] = Steps.ToString(CultureInfo.InvariantCulture),
            ["tunegrid.sequences"] = _sequences.ToString(CultureInfo.InvariantCulture),
            ["tunegrid.training_seconds"] = Text(_clock.Seconds),
            ["tunegrid.joules"] = Text(_joules),
            ["tunegrid.loss"] = Text(_loss),
        });
    }

    /// <summary>The averaged weights alone with options and tokenizer: what <see cref="LanguageModel"/> loads.</summary>
    /// <exception cref="IOException">There is no room for it, or no right to write it.</exception>
    public void SaveModel(string path)
    {
        using var weights = _step.ScoredWeights(Spent);
        var writer = new SafetensorsWriter();
        foreach (var parameter in _layout.Parameters)
            Add(writer, "", parameter, weights);
        writer.Save(path, new Dictionary<string, string>
        {
            ["tunegrid.format"] = LanguageModel.Format,
            ["tunegrid.options"] = OptionsJson.Write(Options),
            ["tunegrid.tokenizer"] = _corpus.Tokenizer.ToJson(),
            ["tunegrid.corpus"] = _corpus.Name,
            ["tunegrid.corpus_hash"] = _corpus.Hash,
            ["tunegrid.steps"] = Steps.ToString(CultureInfo.InvariantCulture),
        });
    }

    private void Restore(SafetensorsFile file)
    {
        _step.Fill(state =>
        {
            foreach (var parameter in _layout.Parameters)
            {
                file.Read("weight." + parameter.Name, state.Weights.Data + parameter.Offset, parameter.Count);
                file.Read("average." + parameter.Name, state.Average.Data + parameter.Offset, parameter.Count);
                file.Read("moment1." + parameter.Name, state.Moment1.Data + parameter.Offset, parameter.Count);
                file.Read("moment2." + parameter.Name, state.Moment2.Data + parameter.Offset, parameter.Count);
            }
        });
        _step.Steps = Count(file, "tunegrid.steps");
        _clock.Seconds = Number(file, "tunegrid.training_seconds");
        _joules = Number(file, "tunegrid.joules");
        _loss = Number(file, "tunegrid.loss");
        if (_clock.Seconds is not (>= 0 and < double.PositiveInfinity) || _joules is not (>= 0 and < double.PositiveInfinity))
            throw new FormatException("a trial can't have spent less than nothing, or more than all");
        // Checkpoints from before batches could grow don't count sequences.
        _sequences = file.Metadata.ContainsKey("tunegrid.sequences") ? Count(file, "tunegrid.sequences") : Steps * Options.BatchSize;
        (_secondsBefore, _tokensBefore) = (_clock.Seconds, Tokens);
    }

    private static void Add(SafetensorsWriter writer, string prefix, Parameter parameter, NativeBuffer arena)
        => writer.Add(
            prefix + parameter.Name, arena.Data + parameter.Offset,
            parameter.Kind == ParameterKind.Vector ? [parameter.Count] : [parameter.Rows, parameter.Columns]);

    private static TrainingBudget BudgetOf(SafetensorsFile file)
    {
        const string unitKey = "tunegrid.budget_unit", amountKey = "tunegrid.budget_amount";
        var unit = file.Required(unitKey);
        if (!Enum.GetNames<BudgetUnit>().Contains(unit))
            throw Wrong(unitKey, unit);
        return Number(file, amountKey) is > 0 and < double.PositiveInfinity and var amount
            ? new(Enum.Parse<BudgetUnit>(unit), amount)
            : throw Wrong(amountKey, file.Required(amountKey));
    }

    private static double Number(SafetensorsFile file, string key) =>
        double.TryParse(file.Required(key), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number : throw Wrong(key, file.Required(key));

    private static long Count(SafetensorsFile file, string key) =>
        long.TryParse(file.Required(key), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= MostCounted
            ? count : throw Wrong(key, file.Required(key));

    private static FormatException Wrong(string key, string text) => new($"{key} is '{text}'");

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}

/// <summary>What a run is to train, and for how long.</summary>
/// <param name="Written">As the checkpoint says it, and what its data order starts from.</param>
internal readonly record struct TrainingTerms(TrainingOptions Options, TrainingBudget Budget, (string Options, ulong Seed) Written)
{
    /// <summary>Returns null if this is the run asked for, else where they differ.</summary>
    public string? Difference(TrainingOptions options, TrainingBudget budget, ulong seed)
    {
        if (Written.Seed != seed)
            return FormattableString.Invariant($"its seed is {Written.Seed} there and {seed} here");
        return Budget != budget
            ? FormattableString.Invariant(
                $"its budget is {Budget.Amount} {Budget.Unit} there and {budget.Amount} {budget.Unit} here")
            : OptionsJson.Difference(Written.Options, options);
    }
}
