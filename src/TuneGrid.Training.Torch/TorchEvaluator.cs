using TorchSharp;
using TuneGrid.Training.Corpora;
using TuneGrid.Training.Model;
using TuneGrid.Training.Tokenization;
using TuneGrid.Training.Torch.Devices;
using TuneGrid.Training.Torch.Model;

namespace TuneGrid.Training.Torch;

/// <summary>Scores the same windows as our own evaluator, those of similar length together.</summary>
internal sealed class TorchEvaluator(ModelLayout layout, TorchModel model, ParameterViews weights, torch.Device device)
{
    private readonly TrainingOptions _options = layout.Options;

    public Evaluation Score(TokenSequence text, long maxTokens, Tokenizer tokenizer, CancellationToken cancellation)
    {
        var windows = ScoringWindows.Cut(text, _options.Context, maxTokens, tokenizer, out var bytes);
        var nats = new double[windows.Count];
        // As many rows as a training step has, so that scoring needs no more memory than training.
        var rows = (long)_options.BatchSize * _options.Context;
        var byLength = Enumerable.Range(0, windows.Count).OrderBy(i => windows[i].Length).ThenBy(i => i).ToArray();
        for (var start = 0; start < byLength.Length;)
        {
            cancellation.ThrowIfCancellationRequested();
            var end = start + 1;
            while (end < byLength.Length && (end + 1 - start) * (long)windows[byLength[end]].Length <= rows)
                end++;
            ScoreTogether(text.Tokens, windows, byLength[start..end], nats);
            start = end;
        }
        return Evaluator.Sum(windows, nats, bytes);
    }

    /// <param name="chosen">Windows ascending in length; shorter ones are filled up behind their end, which nothing before it sees.</param>
    private void ScoreTogether(ushort[] tokens, List<ScoringWindow> windows, int[] chosen, double[] nats)
    {
        using var scope = torch.NewDisposeScope();
        using var off = torch.no_grad();
        var length = windows[chosen[^1]].Length;
        var (inputs, targets) = (new int[chosen.Length * length], new int[chosen.Length * length]);
        for (var s = 0; s < chosen.Length; s++)
        {
            var window = windows[chosen[s]];
            for (var i = 0; i < window.Length; i++)
            {
                inputs[(s * length) + i] = window.Start + i < 0 ? Tokenizer.EndOfText : tokens[window.Start + i];
                targets[(s * length) + i] = tokens[window.Start + i + 1];
            }
        }
        var losses = HostMemory.Floats(Losses(inputs, targets, chosen.Length, length));
        for (var s = 0; s < chosen.Length; s++)
        {
            var window = windows[chosen[s]];
            foreach (var loss in losses.Slice((s * length) + window.Length - window.Scored, window.Scored))
                nats[chosen[s]] += loss;
        }
    }

    /// <summary>[sequences * length] nats, in the processor's memory.</summary>
    private torch.Tensor Losses(int[] inputs, int[] targets, int sequences, int length)
    {
        torch.Tensor? pairs = null;
        if (layout.Bigram is not null)
        {
            pairs = torch.empty([inputs.Length], torch.ScalarType.Int64);
            BigramRows.Pairs(inputs, length, _options.BigramBuckets, HostMemory.Integers(pairs));
            pairs = pairs.to(device);
        }
        var input = new ModelInput(Wide(inputs).view(sequences, length), layout.Bigram is { } table ? weights[table] : null, pairs);
        return torch.nn.functional.cross_entropy(model.Logits(input, weights), Wide(targets), reduction: torch.nn.Reduction.None).cpu();
    }

    private torch.Tensor Wide(int[] numbers) => torch.tensor(numbers, torch.ScalarType.Int64, device);
}
