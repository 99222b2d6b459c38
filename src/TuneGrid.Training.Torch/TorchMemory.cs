using TuneGrid.Training.Kernels;
using TuneGrid.Training.Model;
using TuneGrid.Training.Torch.Devices;
using TuneGrid.Training.Torch.Optimization;

namespace TuneGrid.Training.Torch;

/// <summary>
/// What a run takes of the device's memory, before anything is built: an estimate from above. Of a step, every tensor that the forward pass
/// makes counts, saved for the backward pass or not: the step's dispose scope holds them all to its end.
/// </summary>
/// <param name="keepsScores">Whether attention's scores are written out, because the device has no kernel that fuses them away.</param>
internal sealed class TorchMemory(TrainingOptions options, TorchPrecision precision, bool keepsScores)
{
    // Weights, average and two moments; the four again on their way to or from a file, and one piece of them between host and device.
    private const long Arenas = 9;

    // Code, thread pools and what its kernels set aside.
    private const long Library = 64L << 20;

    // Of one group of Muon's matrices: look-ahead, its stack, its squares, the normalized one and a Newton-Schulz iteration with its three
    // squares.
    private const long MuonCopies = 14;

    private readonly ModelLayout _layout = new(options);

    /// <summary>1 where the operands and results of matrix products exist a second time, rounded, else 0.</summary>
    private readonly long _rounded = precision == TorchPrecision.Bf16 ? 1 : 0;

    public long Bytes()
    {
        var rows = (long)options.BatchSize * options.Context;
        var step = Step(rows) + Update();
        // What comes and goes in different sizes leaves holes in the heap: up to a quarter was measured, on top of what is in use.
        return (((Arenas * _layout.ArenaCount) + Dense + step + (step / 4)) * sizeof(float)) + Library;
    }

    /// <summary>Elements that have a dense gradient.</summary>
    private long Dense => _layout.ArenaCount - _layout.DenseStart;

    private long Step(long rows)
    {
        var (width, vocabulary) = ((long)options.Width, (long)options.Vocabulary);
        // Token, value and bigram rows, position and their sums, norm, head scale; logits with their cap, and what the loss makes of them.
        var ends = (width * (8 + (2 * Norm()))) + (vocabulary * (options.SoftCap > 0 ? 7 : 4));
        // On the way back: the gradients of one block at a time, and the stream's.
        var back = (12 * width) + (3 * _layout.HiddenInputs);
        return (rows * ((options.Depth * Block()) + ends + back)) + (_rounded * Dense);
    }

    /// <summary>Elements per row that one block's forward pass makes, as TorchModel is written.</summary>
    private long Block()
    {
        var (width, hidden, inputs) = ((long)options.Width, (long)_layout.Hidden, (long)_layout.HiddenInputs);
        var perWidth = (2 * Norm()) + 11
            + (options.X0Shortcut ? 3 : 0) + (options.ValueEmbeddings ? 3 : 0) + (8 * options.Canon)
            + (options.QkNorm ? 4 : 0) + (options.Position == PositionKind.Rope ? 8 : 0)
            + (options.Dropout > 0 ? 4 : 0) + (_layout.ResidualScale != 1 ? 2 : 0);
        var mlp = inputs + (options.Activation == Activation.Gelu ? hidden : 2 * hidden);
        var roundedHalves = _rounded * ((9 * width) + inputs + hidden);
        var scores = keepsScores ? 3L * _layout.Heads * options.Context : 0;
        return (perWidth * width) + mlp + ((roundedHalves + 1) / 2) + scores;
    }

    /// <summary>Elements that an update makes.</summary>
    private long Update()
    {
        var largest = MuonGroup.Shapes(_layout).Select(g => g.Count() * (long)g.Key.Rows * g.Key.Columns).DefaultIfEmpty().Max();
        return (2 * Dense) + (MuonCopies * largest);
    }

    /// <summary>Times width that a norm makes.</summary>
    private long Norm() => options.Normalization switch { Normalization.LayerNorm => 1, Normalization.RmsNorm => 2, _ => 3 };
}
