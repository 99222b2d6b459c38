using System.Runtime.InteropServices;
using TorchSharp;

namespace TuneGrid.Training.Torch.Devices;

/// <summary>Copies between our memory and a device's tensors, in pieces that a span of bytes can show.</summary>
internal static unsafe class HostMemory
{
    private const long Piece = 1 << 28;

    /// <param name="target">[n] fp32, contiguous, on any device.</param>
    public static void Upload(float* source, torch.Tensor target)
    {
        using var scope = torch.NewDisposeScope();
        using var off = torch.no_grad();
        for (var at = 0L; at < target.numel(); at += Piece)
        {
            var count = Math.Min(Piece, target.numel() - at);
            var host = torch.empty([count], torch.ScalarType.Float32);
            new ReadOnlySpan<byte>(source + at, checked((int)(count * sizeof(float)))).CopyTo(host.bytes);
            target.narrow(0, at, count).copy_(host);
        }
    }

    /// <param name="source">[n] fp32, contiguous, on any device.</param>
    public static void Download(torch.Tensor source, float* target)
    {
        using var scope = torch.NewDisposeScope();
        for (var at = 0L; at < source.numel(); at += Piece)
        {
            var count = Math.Min(Piece, source.numel() - at);
            var host = source.narrow(0, at, count).detach().cpu();
            host.bytes.CopyTo(new Span<byte>(target + at, checked((int)(count * sizeof(float)))));
        }
    }

    /// <summary>The elements of a tensor in the processor's memory.</summary>
    public static Span<long> Integers(torch.Tensor host) => MemoryMarshal.Cast<byte, long>(host.bytes);

    /// <summary>The elements of a tensor in the processor's memory.</summary>
    public static Span<float> Floats(torch.Tensor host) => MemoryMarshal.Cast<byte, float>(host.bytes);
}
