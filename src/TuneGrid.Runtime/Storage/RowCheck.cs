using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace TuneGrid.Runtime.Storage;

/// <summary>
/// 64 bits of SHA-256 over a row's key and content, kept in the row. Neither database finds a flipped byte inside a text by itself; with this a ledger can
/// be cut or damaged, but never read back as a different one.
/// </summary>
internal static class RowCheck
{
    public static long OfEvent(string study, long sequence, string json) => Of($"{study}\n{sequence.ToString(CultureInfo.InvariantCulture)}\n{json}");

    public static long OfStudy(string study, long lastSequence, string summary) => OfEvent(study, lastSequence, summary);

    private static long Of(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        return BinaryPrimitives.ReadInt64LittleEndian(hash);
    }
}
