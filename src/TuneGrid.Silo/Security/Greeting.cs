using System.Buffers;
using System.IO.Pipelines;

namespace TuneGrid.Silo.Security;

/// <summary>What the first bytes of a connection say about whoever sent them.</summary>
internal enum Greeting
{
    /// <summary>None came: somebody only looked whether the port is open, as silos do before they join.</summary>
    None,

    Tls,

    Other,
}

internal static class Greetings
{
    // TLS begins with the type of its record and a version, 0x16 0x03 0x0n. Orleans begins with a length up to 1,024, whose third byte is
    // 0.
    private const int Length = 3;

    /// <summary>Looks at the first bytes and leaves them in the pipe.</summary>
    /// <exception cref="OperationCanceledException">They took longer than <paramref name="patience"/>.</exception>
    public static async Task<Greeting> ReadAsync(PipeReader input, CancellationToken patience)
    {
        while (true)
        {
            var read = await input.ReadAsync(patience);
            var greeting = Of(read.Buffer);
            var isEnough = read.Buffer.Length >= Length || read.IsCompleted || read.IsCanceled;
            input.AdvanceTo(read.Buffer.Start, isEnough ? read.Buffer.Start : read.Buffer.End);
            if (isEnough)
                return greeting;
        }
    }

    private static Greeting Of(ReadOnlySequence<byte> bytes)
    {
        if (bytes.IsEmpty)
            return Greeting.None;
        Span<byte> first = stackalloc byte[Length];
        bytes.Slice(0, Math.Min(Length, bytes.Length)).CopyTo(first);
        return first is [0x16, 3, not 0] ? Greeting.Tls : Greeting.Other;
    }
}
