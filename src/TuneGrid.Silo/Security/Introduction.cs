using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Orleans.Runtime.Messaging;
using Orleans.Serialization;

namespace TuneGrid.Silo.Security;

/// <summary>
/// What a silo says first on a connection that it opened to another, as Orleans writes it: its own type for this is internal, and this one
/// reads the same bytes. Orleans believes the address and sends there whatever is meant for that silo, so the certificate must carry it
/// too.
/// </summary>
[GenerateSerializer, Alias("TuneGrid.Introduction")]
internal sealed class Introduction
{
    private const int LengthBytes = sizeof(int), MaxBytes = 1024;

    [Id(0)]
    public NetworkProtocolVersion ProtocolVersion { get; init; }

    [Id(1)]
    public GrainId NodeIdentity { get; init; }

    [Id(2)]
    public SiloAddress? SiloAddress { get; init; }

    [Id(3)]
    public string ClusterId { get; init; } = "";

    /// <summary>Reads it and leaves it in the pipe.</summary>
    /// <returns>Null if the connection ended before, or it is longer than Orleans allows.</returns>
    public static async Task<Introduction?> PeekAsync(PipeReader input, Serializer<Introduction> serializer, CancellationToken patience)
    {
        while (true)
        {
            var read = await input.ReadAsync(patience);
            var (introduction, isEnough) = TryRead(read.Buffer, serializer);
            isEnough |= read.IsCompleted || read.IsCanceled;
            input.AdvanceTo(read.Buffer.Start, isEnough ? read.Buffer.Start : read.Buffer.End);
            if (isEnough)
                return introduction;
        }
    }

    private static (Introduction? Read, bool IsEnough) TryRead(ReadOnlySequence<byte> bytes, Serializer<Introduction> serializer)
    {
        if (bytes.Length < LengthBytes)
            return (null, false);
        Span<byte> prefix = stackalloc byte[LengthBytes];
        bytes.Slice(0, LengthBytes).CopyTo(prefix);
        var length = BinaryPrimitives.ReadInt32LittleEndian(prefix);
        if (length is < 0 or > MaxBytes)
            return (null, true);
        return bytes.Length < LengthBytes + length ? (null, false) : (serializer.Deserialize(bytes.Slice(LengthBytes, length)), true);
    }
}
