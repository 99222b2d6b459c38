using System.Runtime.InteropServices;
using Iced.Intel;

namespace TuneGrid.Training.Kernels.Assembled;

/// <summary>
/// Assembled functions in memory of their own, written first and made read-execute afterwards, never both at once. Lives as long as the
/// process.
/// </summary>
internal static unsafe partial class ExecutableCode
{
    private const int ReadWrite = 3, ReadExecute = 5, Private = 2, LinuxAnonymous = 0x20, MacAnonymous = 0x1000;
    private const int FunctionAlignment = 64;

    /// <summary>The entry points of the functions, in order.</summary>
    /// <exception cref="CodeRefusedException">The system gives no executable memory.</exception>
    public static nint[] Load(params IReadOnlyList<Assembler> functions) => Load(functions, ReadExecute);

    /// <param name="protection">What the memory is made in the end; the test of a system that refuses asks for the impossible.</param>
    internal static nint[] Load(IReadOnlyList<Assembler> functions, int protection)
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS())
            throw new CodeRefusedException("the assembled kernels run on Linux and macOS only");
        var (bytes, offsets) = Assemble(functions);
        var flags = Private | (OperatingSystem.IsMacOS() ? MacAnonymous : LinuxAnonymous);
        var memory = Map(0, (nuint)bytes.Length, ReadWrite, flags, -1, 0);
        if (memory == -1)
            throw new CodeRefusedException($"the system refused memory for code (mmap error {Marshal.GetLastPInvokeError()})");
        bytes.CopyTo(new Span<byte>((void*)memory, bytes.Length));
        if (Protect(memory, (nuint)bytes.Length, protection) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            _ = Unmap(memory, (nuint)bytes.Length);
            throw new CodeRefusedException(
                $"the system refused to make memory executable (mprotect error {error}), as hardened systems do");
        }
        return [.. offsets.Select(o => memory + o)];
    }

    private static (byte[] Bytes, List<int> Offsets) Assemble(IReadOnlyList<Assembler> functions)
    {
        using var stream = new MemoryStream();
        var offsets = new List<int>();
        foreach (var function in functions)
        {
            while (stream.Length % FunctionAlignment != 0)
                stream.WriteByte(0xcc);
            offsets.Add((int)stream.Length);
            function.Assemble(new StreamCodeWriter(stream), (ulong)stream.Length);
        }
        return (stream.ToArray(), offsets);
    }

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    private static partial int Protect(nint address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static partial int Unmap(nint address, nuint length);
}

/// <summary>This machine does not let us run assembled code; the message says why.</summary>
internal sealed class CodeRefusedException(string message) : Exception(message);
