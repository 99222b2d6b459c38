using TorchSharp;
using TuneGrid.Training.Corpora;
using TuneGrid.Training.Model;
using TuneGrid.Training.Optimization;
using TuneGrid.Training.Torch.Devices;

namespace TuneGrid.Training.Torch.Model;

/// <summary>The very masks that our own engine draws at the same seed, step and number of threads.</summary>
internal sealed unsafe class DropoutMasks(TrainingOptions options, int threads, ulong seed, torch.Device device)
{
    public BatchPlan Batch { get; set; }

    /// <summary>[sequences, context, width]: 0, or 1 / (1 - rate).</summary>
    /// <param name="site">0 after attention, 1 after the MLP.</param>
    public torch.Tensor Draw(int block, int site)
    {
        var sequence = (long)options.Context * options.Width;
        var mask = torch.ones([Batch.Sequences, options.Context, options.Width], torch.ScalarType.Float32);
        var perGroup = SequenceGroups.SequencesPerGroup(options, threads);
        fixed (float* data = HostMemory.Floats(mask))
        {
            for (var (group, first) = (0, 0); first < Batch.Sequences; group++, first += perGroup)
            {
                var count = Math.Min(perGroup, Batch.Sequences - first) * sequence;
                Dropout.Apply(data + (first * sequence), count, options.Dropout,
                    Dropout.Site(Dropout.Key(seed, Batch.Step, group), block, site));
            }
        }
        return mask.to(device);
    }
}
