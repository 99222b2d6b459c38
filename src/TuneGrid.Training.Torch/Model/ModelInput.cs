using TorchSharp;

namespace TuneGrid.Training.Torch.Model;

/// <summary>Sequences of one length, on the device.</summary>
/// <param name="Tokens">[sequences, length] token ids, 64-bit.</param>
/// <param name="Bigrams">[rows of a table, width] that <paramref name="Pairs"/> index; null without a bigram table.</param>
/// <param name="Pairs">[sequences * length].</param>
/// <param name="FirstVisible">[sequences, length] first position that each position may attend to; null for plain causal attention.</param>
/// <param name="Dropout">Null when scoring.</param>
internal readonly record struct ModelInput(
    torch.Tensor Tokens, torch.Tensor? Bigrams = null, torch.Tensor? Pairs = null,
    torch.Tensor? FirstVisible = null, DropoutMasks? Dropout = null);
