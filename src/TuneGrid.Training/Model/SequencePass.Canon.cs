using TuneGrid.Training.Kernels;

namespace TuneGrid.Training.Model;

internal sealed unsafe partial class SequencePass
{
    /// <summary>Normed → Convolved, sequence by sequence.</summary>
    private void Convolve(in SequenceGroup group, float* weights, Parameter? canon)
    {
        for (var s = 0; s < group.Sequences && canon is not null; s++)
        {
            var at = (long)s * group.Length * _width;
            _element.Convolve(Shape(group, s, canon), weights + canon.Offset, _a.Normed + at, _a.Convolved + at);
        }
    }

    /// <summary>DNormed, in place: gradient of the rows as convolved → as normalized.</summary>
    private void ConvolveBackward(in SequenceGroup group, float* weights, float* gradients, Parameter? canon)
    {
        for (var s = 0; s < group.Sequences && canon is not null; s++)
        {
            var at = (long)s * group.Length * _width;
            _element.ConvolveBackward(
                Shape(group, s, canon), weights + canon.Offset, _a.Normed + at, _a.DNormed + at, gradients + canon.Offset);
        }
    }

    private ConvolutionShape Shape(in SequenceGroup group, int sequence, Parameter canon) => new(
        group.Length, _width, canon.Rows, group.FirstVisible == null ? null : group.FirstVisible + ((long)sequence * group.Length));
}
